import { splitmix64, splitmixUniform, wordOf, type Word64 } from './splitmix64.js';

/** The unit-variance values of one tensor, any element at a time. */
export type UnitValues = (element: number) => number;

/** A formula that makes the start of a tensor from the seed of the run and the tensor's name on disk. */
export type SeedFormula = (seed: string, tensor: string) => UnitValues;

/**
 * Formulas by the name that training.json gives them in `init.scheme`. A formula must be portable: the same values
 * on every machine, library and thread count, and any element without those before it.
 */
export const SEED_FORMULAS: ReadonlyMap<string, SeedFormula> = new Map([
  ['portable-normal-v1', portableNormal],
]);

/**
 * base = splitmix64(seed) XOR fnv1a64(name); element i = √(−2 ln u₁)·cos(2π u₂) (Box and Muller 1958) with u₁, u₂ from
 * splitmix64(base + 2i) and splitmix64(base + 2i + 1), in f64.
 */
function portableNormal(seed: string, tensor: string): UnitValues {
  const start = splitmix64(wordOf(BigInt(seed)), 0);
  const name = wordOf(fnv1a64(tensor));
  const base: Word64 = { high: (start.high ^ name.high) >>> 0, low: (start.low ^ name.low) >>> 0 };
  return (element) => {
    const radius = Math.sqrt(-2 * Math.log(splitmixUniform(base, 2 * element)));
    return radius * Math.cos(2 * Math.PI * splitmixUniform(base, 2 * element + 1));
  };
}

/** FNV-1a of the UTF-8 bytes (Fowler, Noll and Vo). */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text))
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
  return hash;
}
