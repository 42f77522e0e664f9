import { createHash } from 'node:crypto';
import { createRandom, identityPermutation, shuffle, type Random } from '@jokbo/statistics';

const TWO_32 = 2 ** 32;

/** A source of numbers whose seed is the digest of a name: the same name gives the same numbers. */
export function seededRandom(name: string): Random {
  return createRandom(createHash('sha256').update(name).digest('hex'));
}

/** Uniform on the open interval (0, 1). */
export function uniform(random: Random): number {
  return (random.uint32() + 0.5) / TWO_32;
}

/** Standard normal draws (Box and Muller 1958). */
export function gaussians(count: number, random: Random): Float64Array {
  const out = new Float64Array(count);
  for (let at = 0; at < count; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform(random)));
    const angle = 2 * Math.PI * uniform(random);
    out[at] = radius * Math.cos(angle);
    if (at + 1 < count) out[at + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** A random order of 0 … count − 1. */
export function randomOrder(count: number, random: Random): number[] {
  const order = identityPermutation(count);
  shuffle(order, random);
  return [...order];
}
