import { multiply, type Random } from '@jokbo/statistics';
import { extent, type Tensor } from './model.js';
import { gaussians } from './seeded-random.js';

/** The tensor with these rows, in this order; rows may repeat. A vector's rows are its elements. */
export function gatherRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const { columns } = extent(tensor);
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, at) => {
    values.set(tensor.values.subarray(row * columns, (row + 1) * columns), at * columns);
  });
  return { ...tensor, shape: [rows.length, ...tensor.shape.slice(1)], values };
}

/** The matrix with these columns, in this order. */
export function gatherColumns(tensor: Tensor, columns: readonly number[]): Tensor {
  const { rows, columns: width } = extent(tensor);
  const values = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row += 1) {
    columns.forEach((column, at) => {
      values[row * columns.length + at] = tensor.values[row * width + column] ?? NaN;
    });
  }
  return { ...tensor, shape: [rows, columns.length], values };
}

/** Tensors of one width below each other. */
export function stackRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new RangeError('nothing to stack');
  const rows = tensors.reduce((sum, tensor) => sum + extent(tensor).rows, 0);
  const values = new Float64Array(tensors.reduce((sum, tensor) => sum + tensor.values.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.values, at);
    at += tensor.values.length;
  }
  return { ...first, shape: [rows, ...first.shape.slice(1)], values };
}

/** Row i times `factors[i]`. */
export function scaleRows(tensor: Tensor, factors: ArrayLike<number>): Tensor {
  const { columns } = extent(tensor);
  const scaled = tensor.values.map((value, at) => value * (factors[Math.floor(at / columns)] ?? NaN));
  return { ...tensor, values: scaled };
}

/** Column j times `factors[j]`. */
export function scaleColumns(tensor: Tensor, factors: ArrayLike<number>): Tensor {
  const { columns } = extent(tensor);
  return { ...tensor, values: tensor.values.map((value, at) => value * (factors[at % columns] ?? NaN)) };
}

/** M·W for a square M [rows, rows]; W may be a vector. */
export function leftMultiply(matrix: Float64Array, tensor: Tensor): Tensor {
  const { rows, columns } = extent(tensor);
  return { ...tensor, values: multiply(matrix, tensor.values, rows, rows, columns) };
}

/** W·M′ for a square M [columns, columns]. */
export function rightMultiplyTransposed(tensor: Tensor, matrix: Float64Array): Tensor {
  const { rows, columns } = extent(tensor);
  return {
    ...tensor,
    values: multiply(tensor.values, transposed(matrix, columns, columns), rows, columns, columns),
  };
}

/** The transpose [columns, rows] of a matrix [rows, columns]. */
export function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? NaN);
}

/** A random orthogonal matrix [n, n]: the rows of a Gaussian one made orthonormal. */
export function randomRotation(n: number, random: Random): Float64Array {
  return orthonormaliseRows(gaussians(n * n, random), n);
}

/** Makes the rows of a matrix of full rank [rows, n] orthonormal in place: Gram–Schmidt, twice. */
export function orthonormaliseRows(matrix: Float64Array, n: number): Float64Array {
  for (let row = 0; row * n < matrix.length; row += 1) {
    const own = matrix.subarray(row * n, (row + 1) * n);
    for (let pass = 0; pass < 2; pass += 1) {
      for (let other = 0; other < row; other += 1) {
        const earlier = matrix.subarray(other * n, (other + 1) * n);
        const along = own.reduce((sum, value, at) => sum + value * (earlier[at] ?? NaN), 0);
        for (let at = 0; at < n; at += 1) own[at] = (own[at] ?? NaN) - along * (earlier[at] ?? NaN);
      }
    }
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let at = 0; at < n; at += 1) own[at] = (own[at] ?? NaN) / length;
  }
  return matrix;
}

/** Mean and standard deviation of all elements. */
export function momentsOf({ values }: Pick<Tensor, 'values'>): {
  readonly mean: number;
  readonly sd: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sd: Math.sqrt(square) };
}
