import type { Kernels } from '@jokbo/kernels/kernels';
import type { PatternCounts } from './pattern-moments.js';

/** Counts of 16-bit patterns in kernel memory; `finish` gives the memory back. */
export interface Histogram {
  add(pointer: number, elements: number): void;
  finish(): PatternCounts;
}

export interface HistogramPool {
  take(): Histogram;
}

/** Reuses the memory that each histogram needs, so that a shard of 60,000 tensors needs no more than one. */
export function createHistogramPool(kernels: Kernels): HistogramPool {
  const free: number[] = [];
  return {
    take() {
      const accumulator = free.pop() ?? kernels.newHistogram16();
      return {
        add: (pointer, elements) => kernels.addHistogram16(accumulator, pointer, elements),
        finish() {
          const occurred = kernels.drainHistogram16(accumulator);
          free.push(accumulator);
          return occurred;
        },
      };
    },
  };
}
