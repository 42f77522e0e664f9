import { DTYPE_BITS, MalformedCheckpoint } from '@jokbo/contracts';
import type { HeaderTensor } from './header.js';

/**
 * Sorts tensors by their bytes and checks that they fill the byte buffer without hole or overlap: the first
 * begins at `bufferStart`, each begins where the one before ends, the last ends at `objectSize`.
 *
 * @throws MalformedCheckpoint `coverage`.
 */
export function checkCoverage(
  tensors: readonly HeaderTensor[],
  bufferStart: number,
  objectSize: number,
  object: string,
): HeaderTensor[] {
  const ordered = [...tensors].sort(
    (a, b) => a.begin - b.begin || a.end - b.end || (a.name < b.name ? -1 : 1),
  );
  let previousEnd = bufferStart;
  for (const tensor of ordered) {
    if (tensor.begin !== previousEnd || tensor.end < tensor.begin) {
      const message = `bytes ${tensor.begin} … ${tensor.end} do not follow ${previousEnd}`;
      throw new MalformedCheckpoint('coverage', message, { object, tensor: tensor.name });
    }
    previousEnd = tensor.end;
  }
  if (previousEnd !== objectSize) {
    const message = `tensors end at byte ${previousEnd} of a file of ${objectSize}`;
    throw new MalformedCheckpoint('coverage', message, { object });
  }
  return ordered;
}

/**
 * Checks Π shape × bits = 8 × (end − begin), exactly.
 *
 * @throws MalformedCheckpoint `size`.
 */
export function checkTensorSize(tensor: HeaderTensor, object: string): void {
  let bits = BigInt(DTYPE_BITS[tensor.dtype]);
  for (const dimension of tensor.shape) bits *= BigInt(dimension);
  if (bits !== 8n * BigInt(tensor.end - tensor.begin)) {
    const message = `${tensor.dtype} [${tensor.shape.join(', ')}] in ${tensor.end - tensor.begin} bytes`;
    throw new MalformedCheckpoint('size', message, { object, tensor: tensor.name });
  }
}
