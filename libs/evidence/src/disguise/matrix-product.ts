import type { TensorBackend, TensorView } from '@jokbo/contracts';
import type { Factor } from '@jokbo/statistics';

/** Multiplications from which a product runs in f32: below, f64 costs less than a second. */
const F32_FROM_PRODUCTS = 2 ** 30;

/** Range of the largest element within which squares of f32 operands neither overflow nor vanish. */
const F32_LARGEST = 1e12;
const F32_SMALLEST = 1e-12;

/** f64 while that is cheap, or where f32 could not hold the products. */
function operandType(a: Factor, b: Factor, products: number): 'F32' | 'F64' {
  if (products < F32_FROM_PRODUCTS) return 'F64';
  const fits = [a, b].every(({ values }) => {
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value));
    return largest <= F32_LARGEST && largest >= F32_SMALLEST;
  });
  return fits ? 'F32' : 'F64';
}

function viewOf({ values, features, units }: Factor, dtype: 'F32' | 'F64'): TensorView {
  const numbers =
    dtype === 'F64'
      ? values instanceof Float64Array
        ? values
        : Float64Array.from(values)
      : values instanceof Float32Array
        ? values
        : Float32Array.from(values);
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { bytes, dtype, shape: [features, units] };
}

/**
 * Rows × rows product A·B', features of A × features of B: f64 while that is cheap, else from f32 operands.
 *
 * @param exact f64 whatever it costs.
 */
export function productOfRows(
  a: Factor,
  b: Factor,
  backend: TensorBackend,
  exact = false,
): Promise<Float64Array> {
  const dtype = exact ? 'F64' : operandType(a, b, a.features * b.features * a.units);
  return backend.cross(viewOf(a, dtype), viewOf(b, dtype), 0);
}

/** Columns × columns product A'·B, units of A × units of B; the Gram over the units where A is B. */
export function productOfColumns(a: Factor, b: Factor, backend: TensorBackend): Promise<Float64Array> {
  const dtype = operandType(a, b, a.units * b.units * a.features);
  return backend.cross(viewOf(a, dtype), viewOf(b, dtype), 1);
}

/** A factor with rows and columns exchanged. */
export function transposed({ values, features, units }: Factor): Factor & { values: Float64Array } {
  const result = new Float64Array(features * units);
  for (let feature = 0; feature < features; feature += 1) {
    for (let unit = 0; unit < units; unit += 1) {
      result[unit * features + feature] = values[feature * units + unit] ?? NaN;
    }
  }
  return { values: result, features: units, units: features };
}

/** Every row scaled to unit norm, its mean removed first where `centred`; a row without norm stays zero. */
export function unitRows(
  { values, features, units }: Factor,
  centred: boolean,
): Factor & { values: Float64Array } {
  const result = new Float64Array(features * units);
  for (let row = 0; row < features; row += 1) {
    const from = row * units;
    let sum = 0;
    if (centred) for (let at = from; at < from + units; at += 1) sum += values[at] ?? NaN;
    const mean = sum / units;
    let squares = 0;
    for (let at = from; at < from + units; at += 1) {
      const value = (values[at] ?? NaN) - mean;
      result[at] = value;
      squares += value * value;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let at = from; at < from + units; at += 1) result[at] = (result[at] ?? NaN) * scale;
  }
  return { values: result, features, units };
}
