import { createHash } from 'node:crypto';
import { DigestMismatch, type FingerprintDocument } from '@jokbo/contracts';
import { parseHeader, safetensorsPieces, type EncodableTensor } from '@jokbo/safetensors';

/** The kept values of a fingerprint, by key of the logical tensor. */
export type Samples = ReadonlyMap<string, EncodableTensor>;

/** The samples as a safetensors file, in pieces that are not copied. */
export function samplesFile(samples: Samples): Uint8Array[] {
  return safetensorsPieces([...samples.values()]);
}

/** @throws MalformedCheckpoint when the bytes are no safetensors file. */
export function parseSamples(bytes: Uint8Array, object: string): Samples {
  const { tensors } = parseHeader(bytes, bytes.length, object);
  return new Map(
    tensors.map(({ name, dtype, shape, begin, end }) => [
      name,
      { name, dtype, shape, bytes: bytes.subarray(begin, end) },
    ]),
  );
}

/** Address of the samples of a document: SHA-256 over their digests, in key order. */
export function samplesDigest(tensors: FingerprintDocument['tensors']): string {
  const digests = tensors.flatMap(({ key, sample }) =>
    sample === null ? [] : [[key, sample.digest] as const],
  );
  const hash = createHash('sha256');
  for (const [, digest] of digests.sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(digest);
  return hash.digest('hex');
}

/**
 * Checks samples that were handed over against the document.
 *
 * @throws DigestMismatch where a sample is missing, is not the one that the document names, or is not named in it.
 */
export function checkSamples(document: FingerprintDocument, samples: Samples, object: string): void {
  const named = document.tensors.filter(({ sample }) => sample !== null);
  for (const { key, sample } of named) {
    const bytes = samples.get(key)?.bytes;
    const value = bytes === undefined ? 'nothing' : createHash('sha256').update(bytes).digest('hex');
    if (value === sample?.digest) continue;
    throw new DigestMismatch('a sample is not the one that the fingerprint names', {
      object,
      tensor: key,
      value,
    });
  }
  if (samples.size !== named.length) {
    throw new DigestMismatch('the samples are not those that the fingerprint names', {
      object,
      value: `${samples.size} instead of ${named.length}`,
    });
  }
}
