import type { FloatDtype } from './model.js';

const SINGLE = new Float32Array(1);
const BITS = new Uint32Array(SINGLE.buffer);

/** Nearest F32, then nearest BF16, ties to even, as frameworks store it. */
function bf16Bits(value: number): number {
  SINGLE[0] = value;
  const bits = BITS[0] ?? 0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Exponent and step of F16 at a magnitude: subnormal below 2⁻¹⁴. */
const F16_SMALLEST_EXPONENT = -14;
const F16_LARGEST = 65_504;
const F16_MANTISSA = 1024;

/** Nearest F16, ties to even; beyond the largest finite one, that one. */
function f16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), F16_LARGEST);
  const exponent = Math.max(F16_SMALLEST_EXPONENT, Math.floor(Math.log2(magnitude)));
  const step = 2 ** exponent / F16_MANTISSA;
  const steps = roundHalfEven(magnitude / step);
  // A mantissa that rounds up to 2048 steps carries into the exponent by itself.
  const normal = (exponent - F16_SMALLEST_EXPONENT) * F16_MANTISSA;
  return sign | (magnitude === 0 ? 0 : normal + steps);
}

/** The nearest integer, ties to even. */
export function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** Little-endian bytes of the values, rounded to the element type. */
export function encodeValues(values: Float64Array, dtype: FloatDtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(Float32Array.from(values).buffer);
  const bitsOf = dtype === 'BF16' ? bf16Bits : f16Bits;
  return new Uint8Array(Uint16Array.from(values, bitsOf).buffer);
}
