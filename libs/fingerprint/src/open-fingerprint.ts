import { MalformedCheckpoint } from '@jokbo/contracts';
import { parseHeader } from '@jokbo/safetensors';
import type { Fingerprint } from './fingerprint-file.js';
import { createMemo } from './memo.js';
import type { ModelData } from './model-data.js';

/** Derived results kept per model: whole small models, a part of large ones. */
const MEMO_BYTES = 64 * 1024 * 1024;

/** The samples of a fingerprint as model data. */
export function openFingerprint(fingerprint: Fingerprint): ModelData {
  const { document, samples, id } = fingerprint;
  const tensors = new Map(document.tensors.map((tensor) => [tensor.key, tensor]));
  const header = parseHeader(samples, samples.length, `fingerprint ${id}`);
  const stored = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  return {
    id,
    mode: 'sampled',
    architecture: document.architecture,
    tensors,
    factor(key) {
      const sample = tensors.get(key)?.sample ?? null;
      if (sample === null) return Promise.resolve(null);
      const tensor = stored.get(key);
      if (tensor === undefined) {
        throw new MalformedCheckpoint('fingerprint', 'a sample is missing', { object: id, tensor: key });
      }
      const { dtype, shape, begin, end } = tensor;
      return Promise.resolve({
        view: { bytes: samples.subarray(begin, end), dtype, shape },
        dtype,
        features: sample.features,
        units: sample.units,
        indices: sample.indices,
        tokens: sample.by === 'token' ? (document.tokens ?? []) : null,
      });
    },
    memo: createMemo(MEMO_BYTES),
    close: () => Promise.resolve(),
  };
}
