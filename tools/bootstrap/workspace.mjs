import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** `import.meta.dirname`, which the build configuration uses, exists from this version on. */
const OLDEST_NODE = [20, 11];

/** Ends the process with one line when this Node is too old to run the project. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(`jokbo needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}`);
  process.exit(1);
}

/** Progress goes to stderr, so that stdout holds only what the command itself says. */
export function progress(line) {
  process.stderr.write(`jokbo: ${line}\n`);
}
