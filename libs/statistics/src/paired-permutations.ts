import { checkCount, checkFinite, checkLength } from './factor.js';
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
