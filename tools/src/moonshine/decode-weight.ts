import { MalformedCheckpoint, UnsupportedDtype } from '@jokbo/contracts';
import { ONNX_DATA_TYPE, type OnnxTensor } from './onnx-model.js';

/** A weight as float32 values in row-major order. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The initialisers of one weight: itself, or its eight-bit values with their scale and zero point. */
export interface WeightParts {
  readonly stored: OnnxTensor;
  readonly scale?: OnnxTensor;
  readonly zeroPoint?: OnnxTensor;
}

function elementCount(tensor: OnnxTensor): number {
  return tensor.dims.reduce((product, size) => product * size, 1);
}

function checkCount(tensor: OnnxTensor, found: number): void {
  if (tensor.dataLocation === 0 && found === elementCount(tensor)) return;
  throw new MalformedCheckpoint('onnx-size', 'an initialiser does not hold as many elements as its shape', {
    tensor: tensor.name,
    value: found,
  });
}

function floatValues(tensor: OnnxTensor): Float32Array {
  const { rawData, floatData } = tensor;
  if (rawData.byteLength === 0) {
    checkCount(tensor, floatData.length);
    return Float32Array.from(floatData);
  }
  checkCount(tensor, rawData.byteLength / 4);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Float32Array.from({ length: rawData.byteLength / 4 }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
}

function byteValues(tensor: OnnxTensor): Int16Array {
  const { rawData, int32Data, dataType } = tensor;
  if (rawData.byteLength === 0) {
    checkCount(tensor, int32Data.length);
    return Int16Array.from(int32Data);
  }
  checkCount(tensor, rawData.byteLength);
  const signed = dataType === ONNX_DATA_TYPE.INT8;
  return Int16Array.from(signed ? new Int8Array(Uint8Array.from(rawData).buffer) : rawData);
}

/** `table` holds one value for all elements, or one for each index of the last axis. */
function perLastAxis(table: ArrayLike<number>, owner: OnnxTensor): (index: number) => number {
  const columns = owner.dims.at(-1) ?? 1;
  if (table.length === 1) return () => table[0] ?? Number.NaN;
  if (table.length === columns) return (index) => table[index % columns] ?? Number.NaN;
  throw new MalformedCheckpoint('onnx-scale', 'scales fit neither the tensor nor its last axis', {
    tensor: owner.name,
    value: table.length,
  });
}

function dequantise(stored: OnnxTensor, scales: OnnxTensor, zeroPoints: OnnxTensor): Float32Array {
  const quantised = byteValues(stored);
  const scale = perLastAxis(floatValues(scales), stored);
  const values = new Float32Array(quantised.length);
  if (zeroPoints.dataType === ONNX_DATA_TYPE.FLOAT) {
    const offset = perLastAxis(floatValues(zeroPoints), stored);
    for (const [index, q] of quantised.entries())
      values[index] = Math.fround(q * scale(index)) + offset(index);
    return values;
  }
  const zero = perLastAxis(byteValues(zeroPoints), stored);
  for (const [index, q] of quantised.entries()) values[index] = (q - zero(index)) * scale(index);
  return values;
}

/**
 * Decodes one weight to float32, every operation rounded to float32 as an ONNX runtime does: `(q - z) * s`
 * for an integer zero point `z` (matrices, ONNX DequantizeLinear); `q * s + z` for a floating one, which is an
 * offset (convolutions, stored by the quantiser as Cast, Mul, Add).
 *
 * @throws UnsupportedDtype for an element type other than float32, uint8 and int8.
 * @throws MalformedCheckpoint when sizes contradict shapes, or scale or zero point is missing.
 */
export function decodeWeight({ stored, scale, zeroPoint }: WeightParts): Weight {
  const shape = stored.dims;
  if (stored.dataType === ONNX_DATA_TYPE.FLOAT) return { shape, values: floatValues(stored) };
  if (stored.dataType !== ONNX_DATA_TYPE.UINT8 && stored.dataType !== ONNX_DATA_TYPE.INT8)
    throw new UnsupportedDtype('no rule for this ONNX element type', {
      tensor: stored.name,
      value: stored.dataType,
    });
  if (scale === undefined || zeroPoint === undefined)
    throw new MalformedCheckpoint('onnx-scale', 'a quantised weight has no scale or zero point', {
      tensor: stored.name,
    });
  return { shape, values: dequantise(stored, scale, zeroPoint) };
}

/** The matrix [R, C] as [C, R]. */
export function transposed({ shape, values }: Weight): Weight {
  const [rows = 1, columns = 1] = shape;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      turned[column * rows + row] = values[row * columns + column] ?? Number.NaN;
  return { shape: [columns, rows], values: turned };
}
