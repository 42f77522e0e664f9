import { checkCount, checkFactor, type Factor } from './factor.js';
import { addWeightedRows } from './matrix-products.js';
import { createRandom } from './random.js';

/** Signs that one draw of 32 bits gives. */
const SIGNS_PER_DRAW = 32;

/**
 * `count` seeded sums of all features with random signs, count × units (Achlioptas 2003). Signs depend on the seed
 * and the number of features alone, so the same seed mixes every layer of either model alike, mixing commutes with
 * any permutation of the units, and a test of mixed factors is as exact as one of the whole. It costs power: z of a
 * weak dependence falls by √(count/features).
 *
 * @param seed SHA-256 digest in hex, made without a look at the values.
 * @returns the factor itself when it has no more than `count` features.
 * @throws RangeError on a shape that does not fit or a bad seed.
 */
export function mixFeatures(factor: Factor, count: number, seed: string): Factor {
  checkFactor(factor);
  checkCount('count', count, 1);
  const { values, features, units } = factor;
  if (features <= count) return factor;
  const random = createRandom(seed);
  const mixed = new Float64Array(count * units);
  const signs = new Float64Array(features);
  for (let row = 0; row < count; row += 1) {
    let bits = 0;
    for (let feature = 0; feature < features; feature += 1) {
      if (feature % SIGNS_PER_DRAW === 0) bits = random.uint32();
      signs[feature] = ((bits >>> (feature % SIGNS_PER_DRAW)) & 1) === 1 ? 1 : -1;
    }
    addWeightedRows(mixed, row * units, { values: signs, start: 0, stride: 1 }, values, 0, features, units);
  }
  return { values: mixed, features: count, units };
}
