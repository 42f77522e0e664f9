import { createHash } from 'node:crypto';
import { createRandom, type Factor, type Random } from '../src/index.js';

/** SHA-256 of a text, in hex: a seed with a name. */
export function seedOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function randomOf(text: string): Random {
  return createRandom(seedOf(text));
}

/** Standard normal numbers by the polar method (Marsaglia and Bray 1964). */
export function gaussians(random: Random, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < count;) {
    const u = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const v = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const s = u * u + v * v;
    if (s >= 1) continue;
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    values[at] = u * scale;
    if (at + 1 < count) values[at + 1] = v * scale;
    at += 2;
  }
  return values;
}

export function gaussianFactor(random: Random, features: number, units: number): Factor {
  return { values: gaussians(random, features * units), features, units };
}

/** Features given as rows. */
export function factorOf(rows: readonly (readonly number[])[]): Factor {
  return { values: Float64Array.from(rows.flat()), features: rows.length, units: rows[0]?.length ?? 0 };
}

/** Every permutation of 0 .. n − 1. */
export function allPermutations(n: number): number[][] {
  if (n === 0) return [[]];
  return allPermutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

/** Symmetric matrix with zero diagonal from its upper triangle, row by row. */
export function symmetricOf(upper: readonly number[], n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) {
      matrix[i * n + j] = upper[at] ?? NaN;
      matrix[j * n + i] = upper[at] ?? NaN;
      at += 1;
    }
  }
  return matrix;
}

/** Rows and columns re-ordered together. */
export function permuteBoth(matrix: Float64Array, n: number, permutation: ArrayLike<number>): Float64Array {
  return matrix.map((_, at) => {
    const i = permutation[Math.floor(at / n)] ?? NaN;
    const j = permutation[at % n] ?? NaN;
    return matrix[i * n + j] ?? NaN;
  });
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (const value of Array.from(values)) sum += value;
  return sum / values.length;
}

/** Population variance. */
export function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  return meanOf(Array.from(values, (value) => (value - mean) ** 2));
}

export function deviationOf(values: ArrayLike<number>): number {
  return Math.sqrt(varianceOf(values));
}
