import type { TensorBackend, TensorView } from '@jokbo/contracts';

/** Steps of the Lanczos iteration: the largest value of a random matrix of 4,096 settles to 1e-4 relative. */
const LANCZOS_STEPS = 64;

/** Below this many rows or columns the Tracy–Widom law is no approximation of the largest singular value. */
export const MIN_EDGE_SIZE = 8;

/**
 * Score of the largest singular value s₁ of an m × n matrix of independent elements of variance σ²:
 * (s₁²/σ² − μ)/τ with μ = (√(m−1) + √n)², τ = (√(m−1) + √n)(1/√(m−1) + 1/√n)^{1/3}, which follows the
 * Tracy–Widom law of order 1 (Johnstone 2001), also for elements that are not normal. s₁ comes from below, by a
 * fixed number of Lanczos steps, so the score is at most the true one.
 *
 * @returns null where a side is shorter than {@link MIN_EDGE_SIZE}, and where an element is not finite.
 */
export async function spectralEdgeScore(
  view: TensorView,
  sigma: number,
  backend: TensorBackend,
): Promise<number | null> {
  const [rows = 0, columns = 0] = view.shape;
  if (rows < MIN_EDGE_SIZE || columns < MIN_EDGE_SIZE) return null;
  const gram = await backend.cross(view, view, rows <= columns ? 0 : 1);
  if (!gram.every((value) => Number.isFinite(value))) return null;
  const top = largestEigenvalue(gram, Math.min(rows, columns));
  const [a, b] = [Math.sqrt(rows - 1), Math.sqrt(columns)];
  const centre = (a + b) ** 2;
  const scale = (a + b) * Math.cbrt(1 / a + 1 / b);
  return (top / (sigma * sigma) - centre) / scale;
}

/** Where the asymptotic tail is within a third of the true one. */
const TAIL_FROM = 2;

/**
 * log10 P(TW₁ > score) by its leading term e^{−2s^{3/2}/3}/(4√π s^{3/4}), from q(s) ~ Ai(s) in Tracy and Widom's
 * representation (1996). 0 below {@link TAIL_FROM}, where the tail is above 1 %.
 */
export function log10TracyWidomP(score: number): number {
  if (score < TAIL_FROM) return 0;
  return (
    (-(2 / 3) * score ** 1.5) / Math.LN10 - Math.log10(4 * Math.sqrt(Math.PI)) - 0.75 * Math.log10(score)
  );
}

/** Largest eigenvalue of a symmetric n × n matrix from below, by Lanczos with full re-orthogonalisation. */
export function largestEigenvalue(matrix: Float64Array, n: number): number {
  const steps = Math.min(n, LANCZOS_STEPS);
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const off: number[] = [];
  // Fixed start without pattern: a golden-ratio sequence is orthogonal to no structure that weights have.
  let vector = normalise(
    Float64Array.from({ length: n }, (_, i) => (((i + 1) * 0.6180339887498949) % 1) - 0.5),
  );
  for (let step = 0; step < steps && vector !== null; step += 1) {
    basis.push(vector);
    const image = product(matrix, vector, n);
    diagonal.push(dot(image, vector));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const earlier of basis) subtract(image, earlier, dot(image, earlier));
    }
    off.push(Math.sqrt(dot(image, image)));
    vector = normalise(image, Math.abs(diagonal[0] ?? 0) * 1e-12);
  }
  return largestOfTridiagonal(diagonal, off);
}

/** By bisection on the number of negative pivots (Golub and Van Loan, Matrix Computations, 4th ed., section 8.4). */
function largestOfTridiagonal(diagonal: readonly number[], off: readonly number[]): number {
  const radius = (i: number): number =>
    Math.abs(off[i - 1] ?? 0) + (i < diagonal.length - 1 ? Math.abs(off[i] ?? 0) : 0);
  let low = Math.min(...diagonal.map((value, i) => value - radius(i)));
  let high = Math.max(...diagonal.map((value, i) => value + radius(i)));
  for (let step = 0; step < 200 && high - low > 1e-13 * Math.abs(high); step += 1) {
    const middle = (low + high) / 2;
    if (allBelow(diagonal, off, middle)) high = middle;
    else low = middle;
  }
  return high;
}

function allBelow(diagonal: readonly number[], off: readonly number[], x: number): boolean {
  let pivot = Number.POSITIVE_INFINITY;
  for (const [i, value] of diagonal.entries()) {
    pivot = value - x - (i === 0 ? 0 : (off[i - 1] ?? 0) ** 2 / pivot);
    if (!(pivot < 0)) return false;
  }
  return true;
}

function product(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const image = new Float64Array(n);
  for (let row = 0; row < n; row += 1) {
    let sum = 0;
    for (let column = 0; column < n; column += 1)
      sum += (matrix[row * n + column] ?? 0) * (vector[column] ?? 0);
    image[row] = sum;
  }
  return image;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function subtract(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) - factor * (vector[i] ?? 0);
}

/** Null where the norm is not above `least`. */
function normalise(vector: Float64Array, least = 0): Float64Array | null {
  const norm = Math.sqrt(dot(vector, vector));
  return norm > least ? vector.map((value) => value / norm) : null;
}
