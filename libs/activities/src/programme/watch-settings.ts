import type { WatchSettings } from '@jokbo/contracts';
import type { ProgrammeFile } from './programme-file.js';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Shortest window for which Temporal makes up for what it missed, ms. */
export const LEAST_CATCH_UP = 10_000;

/**
 * The default of Temporal makes up for a whole year; a fleet that was away for longer than a working day looks once, and
 * finds all that came meanwhile.
 */
const CATCH_UP = '6h';

/** What a programme file says of watching, with what it leaves out. */
export function watchSettings({ watch = {} }: ProgrammeFile): WatchSettings {
  const { every = '15m', again, settle = '10m', catch_up: catchUp = CATCH_UP, jitter = '1m' } = watch;
  const prefixes = (watch.prefixes ?? []).map(({ prefix, team }) => ({ prefix, team }));
  return {
    every: prefixes.length === 0 ? null : milliseconds(every),
    again: again === undefined ? null : milliseconds(again),
    settle: milliseconds(settle),
    catchUp: milliseconds(catchUp),
    jitter: milliseconds(jitter),
    prefixes,
  };
}

/** Milliseconds of a duration as the schema allows it: `15m`. */
export function milliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? Number.NaN);
}
