import type { TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';

/** Whether values of a tensor can be read: all in full mode, else what the sample keeps. */
export function isKept(model: Pick<ModelData, 'mode'>, { sample }: Pick<TensorSummary, 'sample'>): boolean {
  return model.mode === 'full' || sample !== null;
}
