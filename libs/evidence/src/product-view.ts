import type { TensorView } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors';

/** Multiplications from which a product runs in f32: below, f64 costs less than a second. */
const F32_FROM_PRODUCTS = 2 ** 30;

/** Type of the operands of a product with so many multiplications: f64 while that is cheap. */
export function operandType(products: number, f32From = F32_FROM_PRODUCTS): 'F32' | 'F64' {
  return products < f32From ? 'F64' : 'F32';
}

/** Zeros of a type that a product takes. */
export function operand(dtype: 'F32' | 'F64', length: number): Float32Array | Float64Array {
  return dtype === 'F64' ? new Float64Array(length) : new Float32Array(length);
}

/** A view as the operand of a product with so many multiplications: as it is stored, where f64 costs too much. */
export function exactView(view: TensorView, products: number): TensorView {
  const [rows = 0, columns = 0] = view.shape;
  return operandType(products) === 'F64' ? operandView(decodeF64(view), rows, columns) : view;
}

/** The first rows × columns numbers as an operand of a product. */
export function operandView(values: Float32Array | Float64Array, rows: number, columns: number): TensorView {
  const dtype = values instanceof Float64Array ? 'F64' : 'F32';
  const bytes = new Uint8Array(values.buffer, values.byteOffset, rows * columns * values.BYTES_PER_ELEMENT);
  return { bytes, dtype, shape: [rows, columns] };
}
