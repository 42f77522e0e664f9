import { DTYPE_BITS } from '@jokbo/contracts';
import { sampleDtype, type ReadTask } from './read-plan.js';
import { sampleLength, type SampleMemory } from './sample-writer.js';

/** Samples start at multiples of it, so that each can be read as numbers of any width in place. */
const ALIGNMENT_BYTES = 8;

/** The samples of one task, one behind the other in memory of their own that can be handed to another thread. */
export interface SampleArena {
  readonly take: SampleMemory;
  /** All of it, from byte 0 of its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Memory for exactly the samples that the plan of a task keeps. */
export function createSampleArena(task: ReadTask): SampleArena {
  const length = task.tensors.reduce((sum, { stored, parts, scales }) => {
    const elementBytes = DTYPE_BITS[sampleDtype(stored.dtype, scales !== null)] / 8;
    return parts.reduce((total, part) => total + padded(sampleLength(part, elementBytes)), sum);
  }, 0);
  const bytes = new Uint8Array(length);
  let used = 0;
  return {
    bytes,
    take(count) {
      const begin = used;
      used += padded(count);
      if (used > length) throw new RangeError(`${used} bytes of samples; ${length} planned`);
      return bytes.subarray(begin, begin + count);
    },
  };
}

function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
