import {
  MalformedCheckpoint,
  type FingerprintDocument,
  type SampleSummary,
  type StoredTensor,
} from '@jokbo/contracts';
import type { EncodableTensor } from '@jokbo/safetensors';
import type { Fingerprint } from './fingerprint-file.js';
import { createMemo } from './memo.js';
import type { ModelData } from './model-data.js';

/** Derived results kept per model: whole small models, a part of large ones. */
const MEMO_BYTES = 64 * 1024 * 1024;

/**
 * The samples of a fingerprint as model data.
 *
 * @throws MalformedCheckpoint `fingerprint` from `factor`, when the sample of a tensor is missing or is not what the document says.
 */
export function openFingerprint(fingerprint: Fingerprint): ModelData {
  const { document, samples, id } = fingerprint;
  return modelOfSamples(id, document, {
    get: (key) => Promise.resolve(samples.get(key)),
    close: () => Promise.resolve(),
  });
}

/** Samples by key of the logical tensor, wherever they are. */
export interface SampleSource {
  get(key: string): Promise<EncodableTensor | undefined>;
  close(): Promise<void>;
}

/** A document and its samples as model data; see {@link openFingerprint}. */
export function modelOfSamples(id: string, document: FingerprintDocument, samples: SampleSource): ModelData {
  const tensors = new Map(document.tensors.map((tensor) => [tensor.key, tensor]));
  return {
    id,
    mode: 'sampled',
    architecture: document.architecture,
    tensors,
    async factor(key) {
      const sample = tensors.get(key)?.sample ?? null;
      if (sample === null) return null;
      const tensor = await samples.get(key);
      const tokens = sample.by === 'token' ? (document.tokens ?? []) : null;
      if (tensor === undefined || !describes(sample, tensor, tokens)) {
        const what = tensor === undefined ? 'is missing' : 'is not what the document says';
        throw new MalformedCheckpoint('fingerprint', `a sample ${what}`, { object: id, tensor: key });
      }
      const { dtype, shape, bytes } = tensor;
      const view = { bytes, dtype, shape };
      const { features, units, indices } = sample;
      return { view, dtype, features, units, indices, tokens };
    },
    memo: createMemo(MEMO_BYTES),
    close: () => samples.close(),
  };
}

function describes(
  { dtype, features, units, of, indices }: SampleSummary,
  tensor: Pick<StoredTensor, 'dtype' | 'shape'>,
  tokens: readonly string[] | null,
): boolean {
  const [rows, columns] = tensor.shape;
  const shaped = tensor.shape.length === 2 && rows === features && columns === units;
  const named = (indices?.length ?? of) === features && (tokens === null || tokens.length === features);
  return tensor.dtype === dtype && shaped && named;
}
