import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from './find-on-path.js';

const run = promisify(execFile);

/** A cold build of the Temporal server takes 14 minutes on two busy cores. */
const LONGEST_BUILD_MS = 30 * 60_000;

/** A program that Go builds. */
export interface GoProgram {
  /** Where it is kept. */
  readonly path: string;
  /** Package that is built; with a version where no module of ours pins it. */
  readonly package: string;
  /** Folder of the module that pins it; absent = the package names its version. */
  readonly module?: string;
  readonly flags?: readonly string[];
}

/**
 * Builds a program once. Two builds at a time are wasted work, not harm: each writes into a folder of its own and the
 * last rename wins.
 *
 * @throws Error with what Go said, where there is no Go, no module proxy, or no room.
 */
export async function buildProgram(program: GoProgram, say: (line: string) => void): Promise<string> {
  const { path, module, flags = [] } = program;
  if (isExecutable(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), 'building-'));
  say(`building ${basename(path)} once (go ${program.package}); it is kept in ${dirname(path)}`);
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder };
    const built = join(folder, basename(path));
    const args =
      module === undefined
        ? ['install', ...flags, program.package]
        : ['build', '-mod=readonly', ...flags, '-o', built, program.package];
    await run('go', args, { cwd: module, env, timeout: LONGEST_BUILD_MS, maxBuffer: 2 ** 26 });
    await rename(built, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
