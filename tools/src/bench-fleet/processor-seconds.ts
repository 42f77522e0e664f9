import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks per second of /proc: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Places of fields in /proc/<pid>/stat behind the name of the program. */
const [PARENT, USER, SYSTEM] = [1, 11, 12];

/**
 * Processor seconds that each running child of this process has taken so far, by pid; none where there is no /proc.
 */
export async function childProcessorSeconds(): Promise<Map<number, number>> {
  const seconds = new Map<number, number>();
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[PARENT]) !== process.pid) continue;
    seconds.set(Number(name), (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND);
  }
  return seconds;
}
