import { expect, it, vi } from 'vitest';
import type { QueueState } from './describe-queues.js';
import { tellMissingGpus } from './tell-missing-gpus.js';

const queue = (workers: number, waiting: number | null): QueueState => ({
  ...{ queue: 'jokbo-gpu', role: 'gpu', waiting, lag: null },
  workers: Array.from({ length: workers }, () => ({ worker: 'w', build: null, seen: null })),
});

it('says once that comparisons wait and nobody is there, and again after somebody was', async () => {
  const notes: string[] = [];
  const states = [
    ...[queue(0, 0), queue(0, null), queue(1, 5), new Error('away'), queue(0, 5), queue(0, 6), queue(2, 1)],
    ...[queue(0, 3)],
  ];
  const seen: number[] = [];
  const stop = tellMissingGpus(
    () => {
      seen.push(notes.length);
      const state = states.shift();
      return state instanceof Error
        ? Promise.reject(state)
        : Promise.resolve(state === undefined ? [] : [state]);
    },
    (text) => notes.push(text),
    1,
  );
  await vi.waitUntil(() => seen.length > 8);
  stop();
  // How many had been told before each look.
  expect(seen.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 2]);
  expect(notes[0]).toContain('none polls jokbo-gpu');
});
