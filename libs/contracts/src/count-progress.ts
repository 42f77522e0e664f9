import type { Progress, Stage } from './progress.js';

/** How far one stage is: of an activity, what its heartbeats carry. */
export interface StageCount {
  readonly stage: Stage;
  readonly expected: number;
  readonly done: number;
  /** Bytes that were read from storage. */
  readonly read: number;
}

export interface CountedProgress extends Progress {
  counts(): StageCount[];
}

/** A progress that counts what it is told, and passes it on. */
export function countProgress(next: Progress): CountedProgress {
  const counts = new Map<Stage, { expected: number; done: number; read: number }>();
  const countOf = (stage: Stage) => {
    const count = counts.get(stage) ?? { expected: 0, done: 0, read: 0 };
    counts.set(stage, count);
    return count;
  };
  return {
    expect(stage, items, bytes) {
      countOf(stage).expected += items;
      next.expect(stage, items, bytes);
    },
    advance(stage, items, read = 0) {
      const count = countOf(stage);
      count.done += items;
      count.read += read;
      next.advance(stage, items, read);
    },
    note: (text) => next.note(text),
    counts: () => [...counts].map(([stage, count]) => ({ stage, ...count })),
  };
}
