import { readWatched, type WatchedProgramme } from '@jokbo/activities';
import { withEscapes } from '@jokbo/report';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { withFleet } from '../fleet/connect-fleet.js';
import { writeText } from '../terminal/write-text.js';
import { reconcileSchedule, type ReconciledSchedule } from '../watch/reconcile-schedule.js';
import { scheduleId, WATCH_TASKS, watchSchedule, type WatchTask } from '../watch/watch-schedules.js';

export interface WatchOptions {
  readonly dryRun?: boolean;
  readonly remove?: boolean;
  readonly format: 'table' | 'json';
}

interface Watched extends ReconciledSchedule {
  readonly id: string;
  readonly task: WatchTask;
}

/** Makes the schedules of a programme on the fleet what its file says, or removes them. */
export async function watch(
  context: CommandContext,
  programme: string,
  { dryRun = false, remove = false, format }: WatchOptions,
): Promise<number> {
  // Schedules of a programme that is gone can still be removed.
  const watched = remove ? null : await readWatched(programme);
  const schedules = await withFleet(async (client) => {
    const reconciled: Watched[] = [];
    for (const task of WATCH_TASKS) {
      const id = scheduleId(programme, task);
      const wanted = watched === null ? null : watchSchedule(watched, task);
      reconciled.push({ id, task, ...(await reconcileSchedule(client, id, wanted, dryRun)) });
    }
    return reconciled;
  });
  const text =
    format === 'json'
      ? `${withEscapes(JSON.stringify({ dry_run: dryRun, schedules }, null, 2))}\n`
      : [...schedules.map((schedule) => scheduleLine(schedule, dryRun)), ...prefixLines(watched)].join('');
  await writeText(context.host.stdout, text);
  return EXIT.clean;
}

const DONE = { create: 'created', update: 'updated', remove: 'removed' } as const;

function scheduleLine({ id, change, schedule, paused, note }: Watched, dryRun: boolean): string {
  const done =
    change === 'none'
      ? schedule === null
        ? 'none'
        : 'unchanged'
      : `${dryRun ? 'would be ' : ''}${DONE[change]}`;
  if (schedule === null) return `${id}  ${done}\n`;
  const { every, jitter, overlap, catchupWindow } = schedule;
  const times = `every ${duration(every)}, jitter ${duration(jitter)}, catch up ${duration(catchupWindow)}`;
  const pause = paused ? `, paused${note === null ? '' : ` (${withEscapes(JSON.stringify(note))})`}` : '';
  return `${id}  ${done}: ${times}, overlap ${overlap.toLowerCase()}${pause}\n`;
}

function prefixLines(watched: WatchedProgramme | null): string[] {
  const prefixes = watched?.watch.prefixes ?? [];
  return prefixes.map(({ prefix, team }) => `  releases of ${team} below ${prefix}\n`);
}

/** Milliseconds in the largest unit that leaves a whole number: `15m`. */
function duration(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  const [unit, size] = units.find(([, unitMs]) => ms % unitMs === 0) ?? ['s', 1_000];
  return `${ms / size}${unit}`;
}
