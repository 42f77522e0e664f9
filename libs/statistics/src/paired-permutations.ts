import { checkCount, checkFinite, checkLength, checkMatched, type Factor, type Values } from './factor.js';
import { squaredNorm } from './matrix-products.js';
import { permutationTail, TIE_SHARE, type PermutationTail } from './permutation-tail.js';
import { createRandom, identityPermutation, shuffle } from './random.js';

/** Permutations that pass over the matrix together: a few rows stay in cache while all of them read there. */
const BATCH = 256;
const ROWS = 8;

/** Seeded permutations of one axis. */
export interface PermutationDraw {
  /** SHA-256 digest in hex. */
  readonly seed: string;
  readonly permutations: number;
}

/**
 * z of seeded self-scrambles, T_π/√Var with T_π = Σ_i Cc[i][π(i)]: draws from the exact null of the trace test.
 *
 * @param cc double-centred n × n, as the joint trace test gives it.
 * @throws RangeError when `cc` has another shape or no variance.
 */
export function pairedScrambles(cc: Float64Array, n: number, draw: PermutationDraw): Float64Array {
  const deviation = nullDeviation(cc, n);
  return permutedTraces(cc, n, draw).map((trace) => trace / deviation);
}

/**
 * Tail of the observed tr Cc among seeded permutations of the units.
 *
 * @param draw 1e5 permutations or more where the tail decides.
 * @throws RangeError when `cc` has another shape or no variance.
 */
export function pairedPermutationTail(cc: Float64Array, n: number, draw: PermutationDraw): PermutationTail {
  const deviation = nullDeviation(cc, n);
  let observed = 0;
  for (let i = 0; i < n; i += 1) observed += cc[i * n + i] ?? NaN;
  const bound = Math.abs(observed) - TIE_SHARE * deviation;
  let exceed = 0;
  for (const trace of permutedTraces(cc, n, draw)) if (Math.abs(trace) >= bound) exceed += 1;
  return permutationTail(exceed, draw.permutations, observed);
}

/**
 * The permutations of a draw, one after the other in the order in which {@link pairedScrambles} uses them.
 *
 * @returns image of every unit.
 */
export function drawnPermutations(n: number, draw: PermutationDraw): Uint32Array[] {
  checkCount('permutations', draw.permutations, 1);
  const random = createRandom(draw.seed);
  const permutation = identityPermutation(n);
  return Array.from({ length: draw.permutations }, () => {
    shuffle(permutation, random);
    return Uint32Array.from(permutation);
  });
}

/**
 * Σ_f Σ_i a[f][i] · b[f][π(i)] for each permutation π of the units: one tensor's term of T_π, where the units × units
 * matrix would cost more than the factors.
 *
 * @throws RangeError when the factors are not matched.
 */
export function permutedInnerProducts(
  a: Factor,
  b: Factor,
  permutations: readonly Uint32Array[],
): Float64Array {
  checkMatched(a, b);
  const { features, units } = a;
  const products = new Float64Array(permutations.length);
  for (let start = 0; start < features * units; start += units) {
    permutations.forEach((images, at) => {
      products[at] = (products[at] ?? NaN) + permutedDot(a.values, b.values, start, images);
    });
  }
  return products;
}

/** Σ_i a[start + i] · b[start + images[i]]. */
function permutedDot(a: Values, b: Values, start: number, images: Uint32Array): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < images.length; i += 2) {
    even += (a[start + i] ?? NaN) * (b[start + (images[i] ?? 0)] ?? NaN);
    odd += (a[start + i + 1] ?? NaN) * (b[start + (images[i + 1] ?? 0)] ?? NaN);
  }
  if (i < images.length) even += (a[start + i] ?? NaN) * (b[start + (images[i] ?? 0)] ?? NaN);
  return even + odd;
}

function nullDeviation(cc: Float64Array, n: number): number {
  checkCount('n', n, 2);
  checkLength('cc', cc, n * n);
  const variance = checkFinite('squared norm of cc', squaredNorm(cc)) / (n - 1);
  if (!(variance > 0)) throw new RangeError('the permuted matrix has no variance');
  return Math.sqrt(variance);
}

function permutedTraces(cc: Float64Array, n: number, draw: PermutationDraw): Float64Array {
  checkCount('permutations', draw.permutations, 1);
  const random = createRandom(draw.seed);
  const permutation = identityPermutation(n);
  const traces = new Float64Array(draw.permutations);
  const images = Array.from({ length: Math.min(BATCH, traces.length) }, () => new Uint32Array(n));
  for (let first = 0; first < traces.length; first += BATCH) {
    const members = images.slice(0, Math.min(BATCH, traces.length - first));
    for (const image of members) {
      shuffle(permutation, random);
      image.set(permutation);
    }
    for (let row = 0; row < n; row += ROWS) {
      const last = Math.min(row + ROWS, n);
      members.forEach((image, member) => {
        let sum = traces[first + member] ?? NaN;
        for (let i = row; i < last; i += 1) sum += cc[i * n + (image[i] ?? 0)] ?? NaN;
        traces[first + member] = sum;
      });
    }
  }
  return traces;
}
