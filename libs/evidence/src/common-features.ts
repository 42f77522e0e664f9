import type { FactorData } from '@jokbo/fingerprint';
import { featureNames } from './disguise/factor-rows.js';

/** A feature that both factors keep: its index in the tensor, and where it lies on either side. */
export interface CommonFeature {
  readonly index: number;
  readonly a: number;
  readonly b: number;
}

/** Common features of two factors by index, in the order of the first. */
export function commonFeatures(a: FactorData, b: FactorData): CommonFeature[] {
  const positions = new Map(featureNames(b).map((index, position) => [index, position]));
  return featureNames(a).flatMap((index, position) => {
    const other = positions.get(index);
    return other === undefined ? [] : [{ index, a: position, b: other }];
  });
}
