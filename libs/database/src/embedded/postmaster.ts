import { link, readFile, readlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './platform-binaries.js';
import { runCommand } from './run-command.js';

/** What `postmaster.pid` says. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** The file's whole text, by which a later look can tell whether it is the same. */
  readonly text: string;
}

/** Reads `postmaster.pid` of a data directory; null when there is none, pid NaN when it is torn. */
export async function readPostmaster(data: string): Promise<Postmaster | null> {
  try {
    const text = await readFile(join(data, 'postmaster.pid'), 'utf8');
    // Line 1: pid; line 4: port. An empty line counts as torn, not as pid 0.
    const [pid, , , port] = text.split('\n').map((line) => Number.parseInt(line, 10));
    return { pid: pid ?? Number.NaN, port: port ?? Number.NaN, text };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

/** Whether the process is the server of this data directory, not one that got its number after a crash. */
export async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  // A server changes into its data directory before it writes the file. A zombie or a foreign user's process
  // has no readable one.
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === data;
  }
  // On Windows the server itself tells its own kind from others.
  if (process.platform === 'win32') return true;
  return (await runCommand(['ps', '-p', String(pid), '-o', 'command='])).output.includes(data);
}

/**
 * Removes a pid file that was judged stale, unless another process replaced it meanwhile: the file is moved
 * first, then looked at, and put back if it is another one.
 */
export async function removeStalePidFile(data: string, judged: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, path);
  } catch (error) {
    // Gone, or replaced again: another process is at it, and the next look will tell.
    if (!isErrno(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
