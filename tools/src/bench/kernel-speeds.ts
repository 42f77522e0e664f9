import { createHash } from 'node:crypto';
import { instantiateKernels } from '@jokbo/kernels';
import { bestRate } from './measure.js';
import { fillRandomBf16 } from './random-bf16.js';

/** Larger than the caches, as weights are. */
const BYTES = 64 * 1024 * 1024;

/** GB/s of one thread, each over the same 64 MB of BF16. */
export interface KernelSpeeds {
  /** Plain memory read: the C library's memcmp over two equal arrays, both counted. */
  readonly memoryRead: number;
  /** Both inputs counted. */
  readonly pairSums: number;
  readonly histogram: number;
  readonly sha256: number;
}

export function kernelSpeeds(): KernelSpeeds {
  const kernels = instantiateKernels({ memoryBytes: 2 * BYTES + 8 * 1024 * 1024 });
  const [a, b] = [kernels.allocate(BYTES), kernels.allocate(BYTES)];
  const [left, right] = [a, b].map((pointer) => kernels.memory.subarray(pointer, pointer + BYTES));
  if (left === undefined || right === undefined) throw new RangeError('two arrays');
  fillRandomBf16(left, 1);
  right.set(left);
  const histogram = kernels.newHistogram16();
  const pairSums = kernels.newPairSums();
  return {
    memoryRead: bestRate(2 * BYTES, () => Buffer.compare(left, right)),
    pairSums: bestRate(2 * BYTES, () => kernels.addPairSums(pairSums, a, 'BF16', b, 'BF16', BYTES / 2)),
    histogram: bestRate(BYTES, () => kernels.addHistogram16(histogram, a, BYTES / 2)),
    sha256: bestRate(BYTES, () => createHash('sha256').update(left).digest()),
  };
}
