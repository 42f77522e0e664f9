import { MalformedCheckpoint, type SampleSummary, type StoredTensor } from '@jokbo/contracts';
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
  const tensors = new Map(document.tensors.map((tensor) => [tensor.key, tensor]));
  return {
    id,
    mode: 'sampled',
    architecture: document.architecture,
    tensors,
    factor: (key) =>
      Promise.resolve().then(() => {
        const sample = tensors.get(key)?.sample ?? null;
        if (sample === null) return null;
        const tensor = samples.get(key);
        const tokens = sample.by === 'token' ? (document.tokens ?? []) : null;
        if (tensor === undefined || !describes(sample, tensor, tokens)) {
          const what = tensor === undefined ? 'is missing' : 'is not what the document says';
          throw new MalformedCheckpoint('fingerprint', `a sample ${what}`, { object: id, tensor: key });
        }
        const { dtype, shape, bytes } = tensor;
        const view = { bytes, dtype, shape };
        const { features, units, indices } = sample;
        return { view, dtype, features, units, indices, tokens };
      }),
    memo: createMemo(MEMO_BYTES),
    close: () => Promise.resolve(),
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
