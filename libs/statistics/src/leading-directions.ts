import { checkCount, checkFactor, checkFinite, type CentredFactor } from './factor.js';
import { addWeightedRows, dot, FEATURE_BLOCK, multiply, squaredNorm, unitCross } from './matrix-products.js';
import { createRandom } from './random.js';
import { symmetricEigen } from './symmetric-eigen.js';
import { tridiagonalEigen } from './tridiagonal-eigen.js';

/** SHA-256 of "jokbo balanced factor start v1": start vectors are the same for every model and shape. */
const START_SEED = 'f5d06aeb673081730ce0262e5fa0c0a9bfde109742032f6c6545ee2f0162dc76';

/** Directions carried beyond those asked for; they speed up convergence of the last ones. */
const OVERSAMPLING = 8;

/** Steps of subspace iteration: the error of direction k falls as (σ_{k+9}/σ_k)^16. */
const ROUGH_STEPS = 8;

/**
 * `rough`: subspace iteration, enough where only the size of the parts matters. `settled`: the eigenvectors of the n × n
 * Gram where that is cheap; otherwise a flat spectrum (an embedding early in training) would make the split, and with it
 * z, depend on the start vectors, that is on the order of the features.
 */
export type DirectionPrecision = 'rough' | 'settled';

/** Ratio to the largest eigenvalue below which one of a Gram is rounding noise: the rank ends there. */
const GRAM_NOISE = 1e-13;

/** Norm left of a direction, relative to before, below which it lies in the span of the others. */
const DEPENDENT = 1e-10;

/** Up to this many units per carried direction the n × n Gram is cheaper than passes over the features. */
const GRAM_UNITS_PER_DIRECTION = 16;

/** Orthonormal directions of the units, count × units. */
export interface Directions {
  readonly directions: Float64Array;
  readonly count: number;
}

/** The products of a factor A (units × features) that its leading directions are made of. */
export interface FactorProducts {
  /** A·W for a features × rows matrix W: rows × units. */
  combined(weights: Float64Array, rows: number): Promise<Float64Array>;
  /** A'·v of rows × units vectors v: features × rows. */
  coefficients(vectors: Float64Array, rows: number): Promise<Float64Array>;
  /** A'A·w of rows × features vectors w, rows × features; absent: no Gram of the features is at hand. */
  readonly throughGram?: ((vectors: Float64Array, rows: number) => Promise<Float64Array>) | undefined;
}

/** What a search for directions asks for: A·W, A·(A'v), or A'A·w. */
type Request =
  | { readonly weights: Float64Array; readonly rows: number }
  | { readonly vectors: Float64Array; readonly rows: number }
  | { readonly combinations: Float64Array; readonly rows: number };

/**
 * The k leading left singular directions (units side) of a centred factor, k × units with orthonormal rows, by
 * subspace iteration with a Rayleigh–Ritz step (Halko, Martinsson and Tropp 2011, algorithm 4.4). Start vectors
 * live in feature space and the number of steps is fixed, so f(PA) = P f(A) for every permutation P of the units up to
 * rounding. Fewer rows come back when the rank is below k.
 *
 * @throws RangeError on k outside 0 .. units − 1, a shape that does not fit, or NaN or infinity.
 */
export function leadingDirections(
  factor: CentredFactor,
  k: number,
  precision: DirectionPrecision = 'rough',
): Directions {
  const search = searchDirections(factor, k, precision, 'units');
  let step = search.next();
  while (step.done !== true) {
    const request = step.value;
    if ('combinations' in request) throw new RangeError('no Gram of the features is at hand');
    step = search.next(
      'weights' in request
        ? combinedFeatures(factor, request.weights, request.rows)
        : appliedByFeatures(factor, request.vectors, request.rows),
    );
  }
  return step.value;
}

/**
 * As {@link leadingDirections}, its passes over a factor too wide for a Gram made elsewhere; through the Gram of the
 * features where that is at hand: (AA')^8·A·W = A·(A'A)^8·W, so that the steps span the same.
 */
export async function leadingDirectionsBy(
  factor: CentredFactor,
  k: number,
  products: FactorProducts,
  precision: DirectionPrecision = 'rough',
): Promise<Directions> {
  const { throughGram } = products;
  const search = searchDirections(factor, k, precision, throughGram === undefined ? 'units' : 'features');
  let step = search.next();
  while (step.done !== true) {
    const request = step.value;
    const { rows } = request;
    if ('combinations' in request) {
      if (throughGram === undefined) throw new RangeError('no Gram of the features is at hand');
      step = search.next(await throughGram(request.combinations, rows));
      continue;
    }
    const weights =
      'weights' in request ? request.weights : await products.coefficients(request.vectors, rows);
    step = search.next(await products.combined(weights, rows));
  }
  return step.value;
}

/** @param space in which the steps are taken. */
function* searchDirections(
  factor: CentredFactor,
  k: number,
  precision: DirectionPrecision,
  space: 'units' | 'features',
): Generator<Request, Directions, Float64Array> {
  checkFactor(factor);
  checkCount('k', k, 0);
  if (k >= factor.units) throw new RangeError(`${k} directions of ${factor.units} units`);
  checkFinite('squared norm of the factor', squaredNorm(factor.values));
  const { units, features } = factor;
  const block = Math.min(k + OVERSAMPLING, units - 1, features);
  if (k === 0) return { directions: new Float64Array(0), count: 0 };

  const gram = units <= GRAM_UNITS_PER_DIRECTION * block ? unitCross(factor, factor) : null;
  if (gram !== null && precision === 'settled') return eigenDirections(gram, k, units);
  const steps =
    space === 'features' && gram === null
      ? { features: ROUGH_STEPS, units: 0 }
      : { features: 0, units: ROUGH_STEPS };
  let weights = startWeights(features, block);
  let rows = block;
  for (let round = 0; round < steps.features && rows > 0; round += 1) {
    const combinations = orthonormal(transposed(weights, features, rows), rows, features);
    const image = yield { combinations: combinations.basis, rows: combinations.count };
    rows = combinations.count;
    weights = transposed(image, rows, features);
  }
  if (rows === 0) return { directions: new Float64Array(0), count: 0 };
  let { basis, count } = orthonormal(yield { weights, rows }, rows, units);
  for (let round = 0; round < steps.units && count > 0; round += 1) {
    const image =
      gram === null ? yield { vectors: basis, rows: count } : multiply(basis, gram, count, units, units);
    ({ basis, count } = orthonormal(image, count, units));
  }
  if (count === 0) return { directions: new Float64Array(0), count: 0 };
  const image =
    gram === null ? yield { vectors: basis, rows: count } : multiply(basis, gram, count, units, units);
  const projected = new Float64Array(count * count);
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1)
      projected[i * count + j] = dot(basis, i * units, image, j * units, units);
  }
  const { vectors } = symmetricEigen(symmetrised(projected, count), count);
  const kept = Math.min(k, count);
  return { directions: multiply(vectors.subarray(0, kept * count), basis, kept, count, units), count: kept };
}

/** The eigenvectors of the k largest eigenvalues of a Gram, as many as are no rounding noise. */
function eigenDirections(gram: Float64Array, k: number, units: number): Directions {
  const { values, vectors } = tridiagonalEigen(gram, units);
  const noise = GRAM_NOISE * (values[0] ?? NaN);
  const count = values.subarray(0, k).findLastIndex((value) => value > noise) + 1;
  return { directions: vectors.slice(0, count * units), count };
}

/** A seeded Ω, features × block, uniform on [−1, 1): signs alone are often singular for few features. */
function startWeights(features: number, block: number): Float64Array {
  const random = createRandom(START_SEED);
  return new Float64Array(features * block).map(() => random.uint32() / 2 ** 31 - 1);
}

function combinedFeatures(factor: CentredFactor, weights: Float64Array, rows: number): Float64Array {
  const combined = new Float64Array(rows * factor.units);
  addFeatures(combined, factor, weights, rows, 0, factor.features);
  return combined;
}

/** Rows y ↦ A·(A'y), without the n × n Gram. */
function appliedByFeatures(factor: CentredFactor, vectors: Float64Array, rows: number): Float64Array {
  const { values, features, units } = factor;
  const image = new Float64Array(rows * units);
  const coefficients = new Float64Array(features * rows);
  for (let first = 0; first < features; first += FEATURE_BLOCK) {
    const last = Math.min(first + FEATURE_BLOCK, features);
    for (let feature = first; feature < last; feature += 1) {
      for (let row = 0; row < rows; row += 1) {
        coefficients[feature * rows + row] = dot(values, feature * units, vectors, row * units, units);
      }
    }
    addFeatures(image, factor, coefficients, rows, first, last);
  }
  return image;
}

/** Adds to each of `rows` rows the features first .. last − 1, weighted by a features × rows matrix. */
function addFeatures(
  target: Float64Array,
  factor: CentredFactor,
  coefficients: Float64Array,
  rows: number,
  first: number,
  last: number,
): void {
  for (let row = 0; row < rows; row += 1) {
    const weights = { values: coefficients, start: row, stride: rows };
    addWeightedRows(target, row * factor.units, weights, factor.values, first, last, factor.units);
  }
}

/** Modified Gram–Schmidt, twice; rows that depend on earlier ones are dropped. */
function orthonormal(rows: Float64Array, count: number, n: number): { basis: Float64Array; count: number } {
  const basis = new Float64Array(count * n);
  let kept = 0;
  for (let row = 0; row < count; row += 1) {
    const start = kept * n;
    basis.set(rows.subarray(row * n, (row + 1) * n), start);
    const before = Math.sqrt(dot(basis, start, basis, start, n));
    for (let pass = 0; pass < 2; pass += 1) {
      for (let earlier = 0; earlier < kept; earlier += 1) {
        const overlap = dot(basis, start, basis, earlier * n, n);
        for (let i = 0; i < n; i += 1) {
          basis[start + i] = (basis[start + i] ?? NaN) - overlap * (basis[earlier * n + i] ?? NaN);
        }
      }
    }
    const after = Math.sqrt(dot(basis, start, basis, start, n));
    if (!(after > DEPENDENT * before)) continue;
    for (let i = 0; i < n; i += 1) basis[start + i] = (basis[start + i] ?? NaN) / after;
    kept += 1;
  }
  return { basis: basis.slice(0, kept * n), count: kept };
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)] ?? NaN);
}

function symmetrised(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((value, at) => (value + (matrix[(at % n) * n + Math.floor(at / n)] ?? NaN)) / 2);
}
