import { checkCount } from './factor.js';

/** Bounds up to here keep 32-bit × bound exact in f64. */
const LARGEST_BOUND = 2 ** 21;

const TWO_32 = 2 ** 32;

/** A seeded source of numbers; the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform on 0 .. 2³² − 1. */
  uint32(): number;
  /** Uniform on 0 .. bound − 1, without bias; bound at most 2²¹. */
  below(bound: number): number;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2021, ACM TOMS 47:36), period 2¹²⁸ − 1, seeded by folding the two halves of
 * a SHA-256 digest.
 *
 * @param seed 64 hexadecimal digits.
 * @throws RangeError when `seed` is anything else.
 */
export function createRandom(seed: string): Random {
  if (!/^[0-9a-f]{64}$/i.test(seed)) throw new RangeError('a seed is a SHA-256 digest of 64 hex digits');
  const word = (index: number): number => Number.parseInt(seed.slice(8 * index, 8 * index + 8), 16);
  const state = [0, 1, 2, 3].map((index) => word(index) ^ word(index + 4));
  return createRandomFromState(state);
}

/**
 * xoshiro128** from four 32-bit words. A zero state, from which the generator never moves, becomes 1, 0, 0, 0.
 *
 * @throws RangeError unless there are four words.
 */
export function createRandomFromState(words: readonly number[]): Random {
  if (words.length !== 4) throw new RangeError(`xoshiro128** has four words of state, not ${words.length}`);
  let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = Int32Array.from(words);
  if ((s0 | s1 | s2 | s3) === 0) s0 = 1;

  function uint32(): number {
    const five = Math.imul(s1, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** Multiply and reject (Lemire 2019, ACM TOMACS 29:3). */
  function below(bound: number): number {
    if (!(bound >= 1) || bound > LARGEST_BOUND)
      throw new RangeError(`bound must be in 1 .. 2^21, got ${bound}`);
    for (;;) {
      const scaled = uint32() * bound;
      const high = Math.floor(scaled / TWO_32);
      const low = scaled - high * TWO_32;
      // Only the lowest 2³² mod bound values of `low` are unfair, and that remainder is below bound.
      if (low >= bound || low >= TWO_32 % bound) return high;
    }
  }

  return { uint32, below };
}

/** The identity permutation of 0 .. n − 1. */
export function identityPermutation(n: number): Uint32Array {
  checkCount('n', n, 1);
  return new Uint32Array(n).map((_, index) => index);
}

/** Shuffles in place; from any starting order every permutation is equally likely (Durstenfeld 1964). */
export function shuffle(permutation: Uint32Array, random: Random): void {
  for (let last = permutation.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const kept = permutation[last] ?? 0;
    permutation[last] = permutation[other] ?? 0;
    permutation[other] = kept;
  }
}
