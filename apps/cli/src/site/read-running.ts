import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningAudit } from '@jokbo/web';
import { RUNNING_FOLDER, type RunningFile } from './running-file.js';

/** An audit that was killed leaves its file: after this it is not shown any more. Milliseconds. */
const FORGOTTEN_MS = 10 * 60_000;

/** Shortest time over which a speed says something. Seconds. */
const SHORTEST_S = 0.5;

/** The audits that say how far they are below a local work folder. A file that is no such is left out. */
export async function runningBelow(folder: string, now: number = Date.now()): Promise<RunningAudit[]> {
  const place = join(folder, RUNNING_FOLDER);
  const names = await readdir(place).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readFile(join(place, name), 'utf8').then(fileOf, () => null)),
  );
  return files.flatMap((file) =>
    file === null || now - file.written_ms > FORGOTTEN_MS ? [] : [auditOf(file, now)],
  );
}

function fileOf(text: string): RunningFile | null {
  try {
    const file = JSON.parse(text) as Partial<RunningFile> | null;
    const isWhole =
      typeof file?.programme === 'string' &&
      Number.isFinite(file.started_ms) &&
      Number.isFinite(file.written_ms) &&
      Array.isArray(file.stages) &&
      Array.isArray(file.recent);
    return isWhole ? (file as RunningFile) : null;
  } catch {
    // Half a file is written nowhere, but anybody may put one there.
    return null;
  }
}

function auditOf(file: RunningFile, now: number): RunningAudit {
  const { programme, started_ms, written_ms, stages } = file;
  return {
    programme,
    driver: 'local',
    paused: false,
    started_at: new Date(started_ms).toISOString(),
    age_s: Math.max(0, now - written_ms) / 1000,
    stages: stages.map(({ stage, expected, done, read_bytes }) => ({ stage, expected, done, read_bytes })),
    read_bytes_per_s: readSpeed(file),
    eta_s: secondsLeft(file),
  };
}

function readSpeed({ recent, written_ms }: RunningFile): number | null {
  const [first] = recent;
  if (first === undefined) return null;
  const bytes = recent.reduce((sum, sample) => sum + sample.bytes, 0);
  return bytes / Math.max(SHORTEST_S, (written_ms - first.at_ms) / 1000);
}

/** Of the stage that is furthest on, at the pace that it had so far. */
function secondsLeft({ stages, written_ms }: RunningFile): number | null {
  const state = stages.findLast(({ done }) => done > 0);
  if (state === undefined || state.expected <= state.done) return null;
  const { done, expected, since_ms } = state;
  return ((written_ms - since_ms) / 1000 / done) * (expected - done);
}
