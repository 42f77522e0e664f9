import type { TensorSummary } from '@jokbo/contracts';
import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';
import { factorRows, featureNames } from './factor-rows.js';
import { foldedFactor } from './folding.js';
import type { Frame } from './frame.js';
import { transposed } from './matrix-product.js';
import type { ModelPair } from './model-pair.js';

/** Directions of the residual stream that one tensor gives as features: far more than a block needs. */
const MAX_DIRECTIONS = 512;

/** Named hidden units of the projections of either side, in a common basis of the residual stream. */
export interface FramedUnits {
  /** Hidden units × units of the frame; null where the tensor lacks one of them or belongs to another stream. */
  own(tensor: TensorSummary, units: readonly number[]): Promise<Factor | null>;
  other(tensor: TensorSummary, units: readonly number[]): Promise<Factor | null>;
}

/** Projections with their norms folded in, brought into a frame. */
export function framedUnits({ subject, reference }: ModelPair, frame: Frame): FramedUnits {
  const side = (model: ModelData, into: (factor: Factor) => Promise<Factor>): FramedUnits['own'] => {
    return async (tensor, units) => {
      const data = await model.factor(tensor.key);
      if (data === null) return null;
      const positions = new Map(featureNames(data).map((name, position) => [name, position]));
      const rows = units.flatMap((unit) => positions.get(unit) ?? []);
      if (rows.length !== units.length) return null;
      return into(await foldedFactor(model, tensor, factorRows(data, rows)));
    };
  };
  return {
    own: side(subject, (factor) => frame.own(factor)),
    other: side(reference, (factor) => frame.other(factor)),
  };
}

/** Hidden units as units: a seeded choice of directions × hidden units. */
export function overHiddenUnits(factor: Factor): Factor {
  const { values, features, units } = factor;
  if (units <= MAX_DIRECTIONS) return transposed(factor);
  const seed = { family: 'disguise', axis: 'direction', shape: [units] };
  const chosen = sampleIndices(seed, units, MAX_DIRECTIONS);
  const result = new Float64Array(chosen.length * features);
  chosen.forEach((direction, at) => {
    for (let unit = 0; unit < features; unit += 1) {
      result[at * features + unit] = values[unit * units + direction] ?? NaN;
    }
  });
  return { values: result, features: chosen.length, units: features };
}
