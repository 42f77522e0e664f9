import { sampleIndices } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';

/**
 * A factor over at most `most` of its units: a seeded choice by their number, the same for both models and every layer.
 *
 * @param axis what the choice is for: methods with one name share it.
 */
export function someUnits(factor: Factor, axis: string, most: number): Factor {
  const { values, features, units } = factor;
  if (units <= most) return factor;
  const kept = sampleIndices({ family: 'residual', axis, shape: [units] }, units, most);
  const chosen = new Float64Array(features * kept.length);
  for (let row = 0; row < features; row += 1) {
    kept.forEach((unit, at) => (chosen[row * kept.length + at] = values[row * units + unit] ?? NaN));
  }
  return { values: chosen, features, units: kept.length };
}
