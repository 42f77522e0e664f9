import type { Stage } from '@jokbo/contracts';
import { formatBytes } from '@jokbo/report';
import { countOf, durationText } from './figures.js';

/** Stages in the order of a run, with what they count. */
const STAGES: readonly { readonly stage: Stage; readonly title: string; readonly item: string }[] = [
  { stage: 'inventory', title: 'inventory', item: 'model' },
  { stage: 'fingerprint', title: 'reading', item: 'part' },
  { stage: 'compare', title: 'comparing', item: 'comparison' },
  { stage: 'decide', title: 'deciding', item: 'decision' },
  { stage: 'publish', title: 'publishing', item: 'row' },
];

/** Seconds over which the reading speed is averaged. */
const SPEED_WINDOW_S = 5;

/** How far one stage is. */
export interface StageState {
  readonly stage: Stage;
  expected: number;
  done: number;
  read: number;
  /** Seconds when work of the stage was first known of. */
  readonly since: number;
  /** Seconds when work of the stage last ended. */
  until: number;
  told: boolean;
}

/** Bytes that were read, by the second at which they were. */
export interface ReadSample {
  readonly at: number;
  readonly bytes: number;
}

export function stageOrder(stage: Stage): number {
  return STAGES.findIndex((entry) => entry.stage === stage);
}

/** Whether nothing more is expected of a stage. A stage that announced nothing ends with the next one. */
export function isDone(state: StageState): boolean {
  return state.done > 0 && state.done >= state.expected;
}

/** One line on the stage that is under way: `reading 12/40, 1.23 GiB/s, ETA 3:05`. */
export function stageLine(state: StageState, samples: readonly ReadSample[], now: number): string {
  const entry = STAGES[stageOrder(state.stage)];
  const count = state.expected > 0 ? `${state.done}/${state.expected}` : String(state.done);
  const parts = [`${entry?.title ?? state.stage} ${count}`];
  const speed = readSpeed(samples, now);
  if (state.read > 0 && speed > 0) parts.push(`${formatBytes(Math.round(speed))}/s`);
  if (state.done > 0 && state.expected > state.done) {
    parts.push(`ETA ${durationText(((now - state.since) / state.done) * (state.expected - state.done))}`);
  }
  return parts.join(', ');
}

/** One line on a stage that ended: `reading: 40 parts in 4.2 s, 5.00 GiB read`. */
export function stageSummary(state: StageState): string {
  const entry = STAGES[stageOrder(state.stage)];
  const items = countOf(state.done, entry?.item ?? 'item');
  const read = state.stage === 'fingerprint' ? `, ${formatBytes(state.read)} read` : '';
  return `${entry?.title ?? state.stage}: ${items} in ${durationText(state.until - state.since)}${read}`;
}

/** Bytes per second over the last seconds. */
function readSpeed(samples: readonly ReadSample[], now: number): number {
  const recent = samples.filter(({ at }) => now - at <= SPEED_WINDOW_S);
  const first = recent[0];
  if (first === undefined) return 0;
  const bytes = recent.reduce((sum, sample) => sum + sample.bytes, 0);
  return bytes / Math.max(0.1, now - first.at);
}

/** Drops samples that no speed needs any more. */
export function recentSamples(samples: readonly ReadSample[], now: number): ReadSample[] {
  return samples.filter(({ at }) => now - at <= SPEED_WINDOW_S);
}
