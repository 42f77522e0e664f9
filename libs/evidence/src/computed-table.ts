import type { TensorSummary } from '@jokbo/contracts';

/** Mean square of a table of sines and cosines in pairs: sin² + cos² = 1, whatever the frequencies. */
const SINUSOID_MEAN_SQUARE = 0.5;

/** Slack for rounding to 16 bits, and for a few rows of zeros (class token, padding) in front of the table. */
const SINUSOID_TOLERANCE = 0.01;

/** Largest |value| of a table of sines, and the least that its maximum and its minimum reach. */
const SINUSOID_EDGES = { atMost: 1.001, atLeast: 0.9 } as const;

/** Bits per element up to which a tensor is a mask or a filter bank: two values, or hardly anything but zeros. */
const MASK_BITS = 1;

/**
 * Whether a tensor outside of the residual stream's matrices looks computed by code and stored beside the weights:
 * sinusoidal positions (Vaswani et al. 2017; Whisper, MAE), masks, filter banks. Told from values, as such tables go by
 * many names: every model of one shape has the same, so that equal bytes prove nothing. Learned positions have a
 * mean square of 10⁻⁴ to 10⁻², and no bound at one.
 */
export function isComputedTable(tensor: TensorSummary): boolean {
  const { residual_axis: axis, moments } = tensor;
  if (axis !== null || moments.not_finite > 0 || moments.n === 0) return false;
  return moments.entropy_bits <= MASK_BITS || isSinusoidTable(tensor);
}

/** Whether a tensor without residual axis holds sines and cosines in pairs, as computed positions do. */
export function isSinusoidTable({ residual_axis: axis, moments, shape }: TensorSummary): boolean {
  if (axis !== null || moments.not_finite > 0 || moments.n === 0) return false;
  if (shape.length < 2 || moments.min === null || moments.max === null) return false;
  const [low, high] = [-moments.min, moments.max];
  return (
    Math.abs(moments.sum_squares / moments.n - SINUSOID_MEAN_SQUARE) <= SINUSOID_TOLERANCE &&
    Math.max(low, high) <= SINUSOID_EDGES.atMost &&
    Math.min(low, high) >= SINUSOID_EDGES.atLeast
  );
}
