import type { Kernels } from '@jokbo/kernels';

/** Counts of 16-bit patterns in kernel memory; `finish` gives the memory back. */
export interface Histogram {
  add(pointer: number, elements: number): void;
  finish(): Uint32Array;
}

export interface HistogramPool {
  take(): Histogram;
}

/** Bytes of one histogram in kernel memory: four interleaved ones of 65,536 u32 (see Kernels.newHistogram16). */
const HISTOGRAM_BYTES = 4 * 65_536 * 4;

/** Reuses the megabyte that each histogram needs, so that a shard of 60,000 tensors needs no more than one. */
export function createHistogramPool(kernels: Kernels): HistogramPool {
  const free: number[] = [];
  return {
    take() {
      const accumulator = free.pop() ?? kernels.newHistogram16();
      return {
        add: (pointer, elements) => kernels.addHistogram16(accumulator, pointer, elements),
        finish() {
          const counts = kernels.readHistogram16(accumulator);
          kernels.memory.fill(0, accumulator, accumulator + HISTOGRAM_BYTES);
          free.push(accumulator);
          return counts;
        },
      };
    },
  };
}
