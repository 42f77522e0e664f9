import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';
import { runCommand } from './run-command.mjs';
import { ROOT, progress } from './workspace.mjs';

/** What the audit may answer: nothing found, a model derives from another, or the evidence does not decide. */
const ANSWERS = new Set([0, 1, 4]);

function outFolder() {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    if (values.out === undefined) return join(ROOT, '.jokbo', 'demo');
    // npm runs scripts at the root; a relative path means the folder in which the user typed it.
    return resolve(process.env.INIT_CWD ?? process.cwd(), values.out);
  } catch (error) {
    console.error(`${error.message}\nusage: npm run demo -- [--out DIR]`);
    process.exit(2);
  }
}

const out = outFolder();
await prepare();
const jokbo = join(ROOT, 'apps', 'cli', 'bin', 'jokbo.js');
const args = ['audit', 'test/zoo/programme.yaml', '--out', out, '--work', '.jokbo'];
const code = await runCommand(process.execPath, [jokbo, ...args]);
if (ANSWERS.has(code)) progress(`the report is ${join(out, 'report.html')}`);
process.exitCode = ANSWERS.has(code) ? 0 : code;
