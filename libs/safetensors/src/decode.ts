import { UnsupportedDtype, type TensorView } from '@jokbo/contracts';
import { alignedBytes } from './aligned-bytes.js';
import { applyBlockScales } from './block-scales.js';
import { viewElementCount } from './element-count.js';
import {
  BF16_VALUES,
  BOOL_VALUES,
  E4M3_VALUES,
  E4M3FNUZ_VALUES,
  E5M2_VALUES,
  E5M2FNUZ_VALUES,
  E8M0_VALUES,
  F16_VALUES,
} from './value-tables.js';

/**
 * The values of a tensor in f64, exact for every dtype that has a numeric value; with block scales
 * f32(stored × scale). Bytes may have any alignment and lie in shared memory.
 *
 * @param out receives the values; its length must be the element count. Made when absent.
 * @throws UnsupportedDtype for C64, F4 and F6, for 64-bit integers beyond ±(2^53 − 1), and for block scales on
 * element types wider than f32.
 * @throws MalformedCheckpoint `size` when bytes and shape disagree, `scales` when the scale grid does not fit.
 * @throws RangeError when `out` has another length.
 */
export function decodeF64(view: TensorView, out?: Float64Array): Float64Array {
  const values = out ?? new Float64Array(viewElementCount(view));
  checkOutput(view, values);
  if (view.dtype === 'F64') copyBytes(view.bytes, values);
  else if (view.dtype === 'I64' || view.dtype === 'U64') decodeLongIntegers(view, values);
  else decodeNarrow(view, values);
  applyBlockScales(view, values);
  return values;
}

/**
 * As `decodeF64`, in f32: exact or refused, never rounded (but for the one rounding of block scales).
 *
 * @throws UnsupportedDtype besides for F64, I64 and U64, and for I32 and U32 values that f32 cannot hold.
 */
export function decodeF32(view: TensorView, out?: Float32Array): Float32Array {
  const values = out ?? new Float32Array(viewElementCount(view));
  checkOutput(view, values);
  if (view.dtype === 'F32') copyBytes(view.bytes, values);
  else if (view.dtype === 'BF16') widenBf16(view, values);
  else decodeNarrow(view, values);
  if (view.dtype === 'I32' || view.dtype === 'U32') checkExact(view, values);
  applyBlockScales(view, values);
  return values;
}

function checkOutput(view: TensorView, out: Float32Array | Float64Array): void {
  const count = viewElementCount(view);
  if (out.length !== count) throw new RangeError(`output of ${out.length} values for ${count} elements`);
}

function copyBytes(bytes: Uint8Array, out: Float32Array | Float64Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
}

/** BF16 is the high half of F32: bits are moved, so that NaN payloads survive. */
function widenBf16(view: TensorView, out: Float32Array): void {
  const halves = words16(view);
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let index = 0; index < bits.length; index += 1) bits[index] = (halves[index] ?? 0) << 16;
}

/** Element types of at most 32 bits, into either width of output. */
function decodeNarrow(view: TensorView, out: Float32Array | Float64Array): void {
  const { bytes, dtype } = view;
  if (dtype === 'BF16' && out instanceof Float64Array) lookUpBf16(words16(view), out);
  else if (dtype === 'BF16') lookUp(words16(view), BF16_VALUES, out);
  else if (dtype === 'F16') lookUp(words16(view), F16_VALUES, out);
  else if (dtype === 'F8_E4M3') lookUp(bytes, E4M3_VALUES, out);
  else if (dtype === 'F8_E5M2') lookUp(bytes, E5M2_VALUES, out);
  else if (dtype === 'F8_E4M3FNUZ') lookUp(bytes, E4M3FNUZ_VALUES, out);
  else if (dtype === 'F8_E5M2FNUZ') lookUp(bytes, E5M2FNUZ_VALUES, out);
  else if (dtype === 'F8_E8M0') lookUp(bytes, E8M0_VALUES, out);
  else if (dtype === 'BOOL') lookUp(bytes, BOOL_VALUES, out);
  else out.set(plainNumbers(view));
}

/** A view whose elements are JavaScript numbers as they lie. */
function plainNumbers(view: TensorView): ArrayLike<number> {
  const { bytes, dtype } = view;
  if (dtype === 'U8') return bytes;
  if (dtype === 'I8') return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (dtype === 'U16') return words16(view);
  if (dtype === 'I16') {
    const aligned = alignedBytes(bytes, 2);
    return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
  }
  if (dtype === 'F32' || dtype === 'I32' || dtype === 'U32') {
    const { buffer, byteOffset, length } = alignedBytes(bytes, 4);
    if (dtype === 'F32') return new Float32Array(buffer, byteOffset, length / 4);
    if (dtype === 'I32') return new Int32Array(buffer, byteOffset, length / 4);
    return new Uint32Array(buffer, byteOffset, length / 4);
  }
  throw new UnsupportedDtype('no exact numeric value in this precision', { value: dtype });
}

function words16(view: TensorView): Uint16Array {
  const aligned = alignedBytes(view.bytes, 2);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}

function lookUp(
  patterns: Uint8Array | Uint16Array,
  table: Float32Array,
  out: Float32Array | Float64Array,
): void {
  for (let index = 0; index < out.length; index += 1) out[index] = table[patterns[index] ?? 0] ?? NaN;
}

/** What most weights are: one type of either side, which the loop of all types is twice as slow for. */
function lookUpBf16(patterns: Uint16Array, out: Float64Array): void {
  for (let index = 0; index < out.length; index += 1) out[index] = BF16_VALUES[patterns[index] ?? 0] ?? NaN;
}

/** I64 and U64 from two halves: beyond ±(2^53 − 1) the sum may be rounded, so it is refused. */
function decodeLongIntegers(view: TensorView, out: Float64Array): void {
  const aligned = alignedBytes(view.bytes, 4);
  const low = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  const high = view.dtype === 'I64' ? new Int32Array(low.buffer, low.byteOffset, low.length) : low;
  for (let index = 0; index < out.length; index += 1) {
    const value = (high[2 * index + 1] ?? 0) * 4_294_967_296 + (low[2 * index] ?? 0);
    if (!Number.isSafeInteger(value)) {
      throw new UnsupportedDtype('64-bit integer beyond ±(2^53 − 1)', { value: view.dtype });
    }
    out[index] = value;
  }
}

function checkExact(view: TensorView, out: Float32Array): void {
  const integers = plainNumbers(view);
  for (let index = 0; index < out.length; index += 1) {
    if (out[index] !== integers[index]) {
      throw new UnsupportedDtype('32-bit integer that f32 cannot hold', {
        value: `${view.dtype} ${integers[index] ?? NaN}`,
      });
    }
  }
}
