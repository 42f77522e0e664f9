import type { FingerprintReference } from '@jokbo/contracts';
import { loadDocument, type AddressedDocument, type PartStore } from '@jokbo/fingerprint';

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
export async function storedDocument(
  parts: PartStore,
  { fingerprint: id }: FingerprintReference,
): Promise<AddressedDocument> {
  const document = await loadDocument(parts, id);
  if (document === null) throw new RangeError(`no fingerprint ${id}`);
  return { id, document };
}
