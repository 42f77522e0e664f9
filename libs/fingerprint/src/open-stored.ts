import { createHash } from 'node:crypto';
import { DigestMismatch, type FingerprintDocument, type SampleSummary } from '@jokbo/contracts';
import { LENGTH_BYTES, MAX_HEADER_BYTES, parseHeader, type HeaderTensor } from '@jokbo/safetensors';
import type { ModelData } from './model-data.js';
import { modelOfSamples, openFingerprint, type SampleSource } from './open-fingerprint.js';
import { loadDocument, loadFingerprint, type OpenPart, type PartStore } from './stored-fingerprint.js';

/** Samples of small models are read whole: a read for each tensor would cost more than the memory is worth. */
const WHOLE_SAMPLES_BYTES = 32 * 1024 * 1024;

/**
 * A stored fingerprint as model data. Of a large one each sample is read when it is asked for, and checked against its
 * digest the first time: the samples of forty models of 100B parameters take 14 GB.
 *
 * @param wholeBytes samples up to which all are read at once; what is read does not depend on it.
 * @returns null where the fingerprint, or its samples, are not kept.
 * @throws DigestMismatch from `factor` where a sample is damaged.
 */
export async function openStoredFingerprint(
  parts: PartStore,
  id: string,
  wholeBytes = WHOLE_SAMPLES_BYTES,
): Promise<ModelData | null> {
  const document = await loadDocument(parts, id);
  if (document === null) return null;
  const part = (await parts.open?.(document.samples_digest)) ?? null;
  if (part === null || part.length <= wholeBytes) {
    await part?.close();
    const fingerprint = await loadFingerprint(parts, id);
    return fingerprint === null ? null : openFingerprint(fingerprint);
  }
  try {
    return modelOfSamples(id, document, readWhenAsked(part, await headerOf(part), document));
  } catch (error) {
    await part.close();
    throw error;
  }
}

async function headerOf(part: OpenPart): Promise<Map<string, HeaderTensor>> {
  const start = await part.read(0, LENGTH_BYTES);
  const length = Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true));
  const bytes = await part.read(0, Math.min(part.length, LENGTH_BYTES + Math.min(length, MAX_HEADER_BYTES)));
  const { tensors } = parseHeader(bytes, part.length, part.uri);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function readWhenAsked(
  part: OpenPart,
  header: ReadonlyMap<string, HeaderTensor>,
  { tensors }: FingerprintDocument,
): SampleSource {
  const samples = new Map<string, SampleSummary | null>(tensors.map(({ key, sample }) => [key, sample]));
  const checked = new Set<string>();
  return {
    async get(key) {
      const tensor = header.get(key);
      if (tensor === undefined) return undefined;
      const { name, dtype, shape, begin, end } = tensor;
      const bytes = await part.read(begin, end);
      if (!checked.has(key)) {
        const value = createHash('sha256').update(bytes).digest('hex');
        if (value !== samples.get(key)?.digest) {
          throw new DigestMismatch('a stored sample is damaged', { object: part.uri, tensor: key, value });
        }
        checked.add(key);
      }
      return { name, dtype, shape, bytes };
    },
    close: () => part.close(),
  };
}
