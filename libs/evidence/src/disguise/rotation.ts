import type { TensorBackend } from '@jokbo/contracts';
import { linearAssignment, polarFactor, type Factor } from '@jokbo/statistics';
import type { Frame } from './frame.js';
import { productOfColumns, productOfRows, transposed } from './matrix-product.js';
import type { SharedTokens } from './shared-tokens.js';
import { thinBasis } from './thin-basis.js';

/** Width up to which all dimensions are rotated: some 20 steps of two n³ products, ten seconds at this size. */
const MAX_DIMENSIONS = 1024;

/** Directions that a wider stream is reduced to. */
const SPANNED_DIRECTIONS = 512;

/** Defect per direction at which the iteration has settled, in f64 products and in those of f32 operands. */
const SETTLED = 1e-14;
const SETTLED_F32 = 1e-6;

/** Width up to which the products of the iteration are f64. */
const F64_WIDTH = 512;

/** Two bases that embeddings of shared tokens identify with each other: units × width on either side. */
export interface Rotation {
  readonly units: number;
  /** null = the subject's own residual dimensions. */
  readonly own: Factor | null;
  readonly other: Factor | null;
  /** Directions that the tokens determine. */
  readonly rank: number;
}

/**
 * Rotation of the residual stream from embeddings of shared tokens alone: U of M = U·H, M = E₁'E₂, the orthogonal
 * matrix nearest to E₁'E₂ (Schönemann 1966). Where the widths differ it is a partial isometry. Where tokens are fewer
 * than dimensions, or dimensions more than `MAX_DIMENSIONS`, both streams are first reduced to the directions that so
 * many tokens span, which loses power and nothing else.
 *
 * @returns null where the embeddings have nothing in common.
 */
export async function learnRotation(tokens: SharedTokens, backend: TensorBackend): Promise<Rotation | null> {
  const { own, other } = tokens;
  const narrow = Math.min(own.units, other.units);
  return narrow <= MAX_DIMENSIONS && own.features >= narrow
    ? rotationOfDimensions(own, other, backend)
    : rotationOfSpans(own, other, backend);
}

async function rotationOfDimensions(
  own: Factor,
  other: Factor,
  backend: TensorBackend,
): Promise<Rotation | null> {
  const product = await productOfColumns(own, other, backend);
  const size = Math.max(own.units, other.units);
  const polar = await polarOf(padded(product, own.units, other.units, size), size, backend);
  if (polar === null) return null;
  const values = cropped(polar.factor, size, own.units, other.units);
  const overlap: Factor = { values, features: own.units, units: other.units };
  const { rank } = polar;
  return own.units <= other.units
    ? { units: own.units, own: null, other: overlap, rank }
    : { units: other.units, own: transposed(overlap), other: null, rank };
}

async function rotationOfSpans(own: Factor, other: Factor, backend: TensorBackend): Promise<Rotation | null> {
  const count = Math.min(SPANNED_DIRECTIONS, own.units, other.units, own.features);
  const first = ({ values, units }: Factor): Factor => ({
    values: values.subarray(0, count * units),
    features: count,
    units,
  });
  const [a, b] = [await thinBasis(first(own), backend), await thinBasis(first(other), backend)];
  // E = L·Q', so Q₁'(E₁'E₂)Q₂ = L₁'L₂.
  const polar = await polarOf(await productOfColumns(a.lower, b.lower, backend), count, backend);
  if (polar === null) return null;
  const rotation: Factor = { values: polar.factor, features: count, units: count };
  const values = await productOfRows(rotation, transposed(b.basis), backend);
  return {
    units: count,
    own: a.basis,
    other: { values, features: count, units: other.units },
    rank: polar.rank,
  };
}

function polarOf(matrix: Float64Array, n: number, backend: TensorBackend): ReturnType<typeof polarFactor> {
  const product = (a: Float64Array, b: Float64Array): Promise<Float64Array> =>
    productOfRows({ values: a, features: n, units: n }, { values: b, features: n, units: n }, backend);
  return polarFactor(matrix, n, product, n <= F64_WIDTH ? SETTLED : SETTLED_F32);
}

function padded(matrix: Float64Array, rows: number, columns: number, size: number): Float64Array {
  if (rows === size && columns === size) return matrix;
  const result = new Float64Array(size * size);
  for (let row = 0; row < rows; row += 1) {
    result.set(matrix.subarray(row * columns, (row + 1) * columns), row * size);
  }
  return result;
}

function cropped(matrix: Float64Array, size: number, rows: number, columns: number): Float64Array {
  if (rows === size && columns === size) return matrix;
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    result.set(matrix.subarray(row * size, row * size + columns), row * columns);
  }
  return result;
}

/** The frame in which identified directions stand beside each other. */
export function rotationFrame({ units, own, other }: Rotation, backend: TensorBackend): Frame {
  const into = async (factor: Factor, basis: Factor | null): Promise<Factor> =>
    basis === null
      ? factor
      : { values: await productOfRows(factor, basis, backend), features: factor.features, units };
  return { units, own: (factor) => into(factor, own), other: (factor) => into(factor, other) };
}

/** U, and the permutation nearest to it. */
export interface Overlap {
  /** Dimensions of the subject × dimensions of the reference. */
  readonly matrix: Factor;
  /** Dimension of the wider side for each of the narrower one, by assignment of largest Σ |U|. */
  readonly columnOfRow: Uint32Array;
  /** Σ |U| over it, relative to the directions that U has: 1 for a signed permutation. */
  readonly coefficient: number;
  /** Σ U over the diagonal, relative to the same: 1 for the identity. */
  readonly diagonal: number;
}

/** U itself, with the permutation nearest to it. */
export async function overlapOf(rotation: Rotation, backend: TensorBackend): Promise<Overlap | null> {
  const matrix = await matrixOf(rotation, backend);
  if (matrix === null) return null;
  const upright = matrix.features <= matrix.units ? matrix : transposed(matrix);
  const costs = { values: upright.values.map(Math.abs), rows: upright.features, columns: upright.units };
  const { columnOfRow, total } = linearAssignment(costs, 'maximum');
  let diagonal = 0;
  for (let at = 0; at < upright.features; at += 1) diagonal += upright.values[at * upright.units + at] ?? NaN;
  const directions = Math.max(1, rotation.rank);
  return { matrix, columnOfRow, coefficient: total / directions, diagonal: diagonal / directions };
}

async function matrixOf({ own, other }: Rotation, backend: TensorBackend): Promise<Factor | null> {
  if (own === null) return other;
  if (other === null) return transposed(own);
  return { values: await productOfColumns(own, other, backend), features: own.units, units: other.units };
}
