import { mapsFor } from '../comparison.js';
import { IDENTITY_MAP, type ContiguousMap } from '../layer-map.js';
import type { ModelPair } from './model-pair.js';

/** Layer maps that are tried under an alignment: each repeats the whole recipe. */
const MAX_MAPS = 4;

/** Contiguous layer maps of a pair where they are few, else the identity alone; and the layers that were found to follow. */
export function alignedMaps(pair: ModelPair): ContiguousMap[] {
  const maps = mapsFor({ ...pair, component: 'attention' });
  const contiguous = maps.length <= MAX_MAPS ? maps : [IDENTITY_MAP];
  return pair.followed == null ? contiguous : [...contiguous, pair.followed];
}
