import { DTYPE_BITS, MalformedCheckpoint, type Dtype, type TensorView } from '@jokbo/contracts';

/**
 * Π shape; 1 for a scalar, 0 where a dimension is 0.
 *
 * @throws MalformedCheckpoint `size` above 2^53 − 1.
 */
export function elementCount(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (!Number.isSafeInteger(count)) {
    throw new MalformedCheckpoint('size', 'more than 2^53 − 1 elements', {
      value: shape.join(' × ').slice(0, 80),
    });
  }
  return count;
}

/**
 * The element count of a view of whole-byte elements, proved by the length of its bytes.
 *
 * @throws MalformedCheckpoint `size` when bytes and shape disagree.
 */
export function viewElementCount(view: TensorView): number {
  const count = elementCount(view.shape);
  if (view.bytes.length * 8 !== count * DTYPE_BITS[view.dtype]) {
    const message = `${view.dtype} [${view.shape.join(', ')}] in ${view.bytes.length} bytes`;
    throw new MalformedCheckpoint('size', message);
  }
  return count;
}

const FLOAT_DTYPES: ReadonlySet<Dtype> = new Set<Dtype>([
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'F16',
  'BF16',
  'F32',
  'F64',
]);

/** Whether the elements are real floating-point numbers of any width; integers, BOOL and C64 are not. */
export function isFloatDtype(dtype: Dtype): boolean {
  return FLOAT_DTYPES.has(dtype);
}
