import type { FingerprintReference } from '@jokbo/contracts';
import { loadFingerprint, type Fingerprint, type PartStore } from '@jokbo/fingerprint';

/** @throws RangeError when the model was not fingerprinted: the pipeline does that first. */
export function referenceOf(
  fingerprints: readonly FingerprintReference[],
  model: string,
): FingerprintReference {
  const found = fingerprints.find((reference) => reference.model === model);
  if (found === undefined) throw new RangeError(`no fingerprint of model ${model}`);
  return found;
}

/** @throws RangeError when the store lacks it. */
export async function storedFingerprint(
  parts: PartStore,
  { fingerprint: id }: FingerprintReference,
): Promise<Fingerprint> {
  const fingerprint = await loadFingerprint(parts, id);
  if (fingerprint === null) throw new RangeError(`no fingerprint ${id}`);
  return fingerprint;
}
