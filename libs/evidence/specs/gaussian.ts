import { createHash } from 'node:crypto';
import { createRandom, identityPermutation, shuffle } from '@jokbo/statistics';

/** SHA-256 of a text, in hex: a seed with a name. */
export function seedOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Standard normal numbers by the polar method (Marsaglia and Bray 1964), rounded to f32. */
export function gaussians(name: string, count: number): Float64Array {
  const random = createRandom(seedOf(name));
  const values = new Float64Array(count);
  for (let at = 0; at < count;) {
    const u = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const v = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const s = u * u + v * v;
    if (s >= 1) continue;
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    values[at] = Math.fround(u * scale);
    if (at + 1 < count) values[at + 1] = Math.fround(v * scale);
    at += 2;
  }
  return values;
}

export function permutationOf(name: string, n: number): Uint32Array {
  const permutation = identityPermutation(n);
  shuffle(permutation, createRandom(seedOf(name)));
  return permutation;
}

/** A random rotation of n dimensions, row-major: Gram–Schmidt on a Gaussian matrix. */
export function rotationOf(name: string, n: number): Float64Array {
  const matrix = gaussians(name, n * n);
  for (let row = 0; row < n; row += 1) {
    const own = matrix.subarray(row * n, (row + 1) * n);
    for (let earlier = 0; earlier < row; earlier += 1) {
      const other = matrix.subarray(earlier * n, (earlier + 1) * n);
      const overlap = own.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
      own.forEach((value, at) => (own[at] = value - overlap * (other[at] ?? 0)));
    }
    const norm = Math.hypot(...own);
    own.forEach((value, at) => (own[at] = value / norm));
  }
  return matrix;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}
