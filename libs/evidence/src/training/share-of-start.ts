import type { TensorBackend } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { presentComponents } from '../compare-models.js';
import { IDENTITY_MAP } from '../layer-map.js';
import { isSkipped, loadPairedFactor } from '../paired-factor.js';
import { pairTensors } from '../paired-tensors.js';
import type { StartMeasurement } from './descends-from-step0.js';

/**
 * What is left of step 0 in a later checkpoint: Σ θ0 θt / Σ θ0² and ‖θ0‖/‖θt‖ over the matrices, on which decay acts.
 * Over the features that the fingerprints sampled: both ratios are the same on any subset blind to the values.
 */
export async function shareOfStart(
  start: ModelData,
  later: ModelData,
  backend: TensorBackend,
  signal?: AbortSignal,
): Promise<Pick<StartMeasurement, 'share' | 'normRatio'>> {
  let [ab, aa, bb] = [0, 0, 0];
  for (const component of presentComponents(start)) {
    for (const pair of pairTensors(start, later, component, IDENTITY_MAP).pairs) {
      signal?.throwIfAborted();
      if (pair.subject.shape.length < 2) continue;
      const factor = await loadPairedFactor(pair, start, later);
      if (isSkipped(factor)) continue;
      const sums = await backend.pairSums(factor.a, factor.b);
      ab += sums.sumAB;
      aa += sums.sumAA;
      bb += sums.sumBB;
    }
  }
  // Of a model with NaN or infinite elements nothing is left that could be told.
  if (!Number.isFinite(ab) || !(aa > 0) || !(bb > 0)) return { share: null, normRatio: null };
  return { share: ab / aa, normRatio: Math.sqrt(aa / bb) };
}
