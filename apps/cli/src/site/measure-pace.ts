import type { RunningAudit, RunningStage } from '@jokbo/web';

/** Time over which a pace is averaged: parts of large models end minutes apart. Milliseconds. */
const WINDOW_MS = 5 * 60_000;

interface Sample {
  readonly at: number;
  readonly read: number;
  readonly stages: readonly RunningStage[];
}

/**
 * Gives audits that tell counts alone a reading speed and a time left, from what they told before. The first answer of
 * an audit has neither.
 *
 * @returns a function of what is told now and the time of that, Unix milliseconds.
 */
export function measurePace(): (audits: readonly RunningAudit[], now: number) => RunningAudit[] {
  let known = new Map<string, readonly Sample[]>();
  return (audits, now) => {
    const next = new Map<string, readonly Sample[]>();
    const paced = audits.map((audit) => {
      const { programme, started_at, stages } = audit;
      const key = JSON.stringify([programme, started_at]);
      const before = (known.get(key) ?? []).filter(({ at }) => now - at <= WINDOW_MS);
      const sample = { at: now, stages, read: stages.reduce((sum, { read_bytes }) => sum + read_bytes, 0) };
      next.set(key, [...before, sample]);
      const [first] = before;
      return first === undefined ? audit : { ...audit, ...paceOf(first, sample) };
    });
    known = next;
    return paced;
  };
}

function paceOf(first: Sample, last: Sample): Pick<RunningAudit, 'read_bytes_per_s' | 'eta_s'> {
  const seconds = (last.at - first.at) / 1000;
  if (seconds <= 0) return { read_bytes_per_s: null, eta_s: null };
  const read = (last.read - first.read) / seconds;
  const current = last.stages.findLast(({ done }) => done > 0);
  const before = first.stages.find(({ stage }) => stage === current?.stage)?.done ?? 0;
  const rate = current === undefined ? 0 : (current.done - before) / seconds;
  const left = current === undefined ? 0 : current.expected - current.done;
  return { read_bytes_per_s: read > 0 ? read : null, eta_s: rate > 0 && left > 0 ? left / rate : null };
}
