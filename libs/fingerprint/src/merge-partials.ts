import { createHash } from 'node:crypto';
import {
  MalformedCheckpoint,
  type Checkpoint,
  type FingerprintDocument,
  type TensorSummary,
} from '@jokbo/contracts';
import type { EncodableTensor } from '@jokbo/safetensors';
import type { UnsealedFingerprint } from './fingerprint-file.js';
import { sampleBytes, type MeasuredPart, type PartialWithSamples } from './partial.js';
import { samplesDigest } from './samples.js';
import type { CheckpointSample } from './sample-plan.js';
import { SAMPLING_SCHEME } from './sampling.js';

/**
 * Merges the partial fingerprints of all tasks, given in task order, into one. The result names no place and
 * no time: the same weights give the same bytes wherever they lie.
 *
 * @throws MalformedCheckpoint when a logical tensor was not measured.
 */
export function mergePartials(
  checkpoint: Checkpoint,
  sample: CheckpointSample,
  features: number,
  partials: readonly PartialWithSamples[],
): UnsealedFingerprint {
  const measured = new Map<string, MeasuredPart>();
  const samples = new Map<string, Uint8Array>();
  const storedDigests = new Map<string, string[]>();
  const headerDigests = new Map<string, string>();
  for (const partial of partials) {
    if (partial.header_digest !== null) headerDigests.set(partial.file, partial.header_digest);
    const digests = storedDigests.get(partial.file) ?? [];
    digests.push(...partial.stored.map(([, digest]) => digest));
    storedDigests.set(partial.file, digests);
    for (const part of partial.parts) {
      measured.set(part.key, part);
      const bytes = sampleBytes(partial, part);
      if (bytes !== null) samples.set(part.key, bytes);
    }
  }
  const storedByName = new Map(checkpoint.stored.map((stored) => [stored.name, stored]));
  const ordered = [...checkpoint.tensors].sort((a, b) => (a.key < b.key ? -1 : 1));
  const tensors = ordered.map((tensor): TensorSummary => {
    const part = measured.get(tensor.key);
    const stored = storedByName.get(tensor.stored);
    if (part === undefined || stored === undefined) {
      throw new MalformedCheckpoint('not-measured', 'a tensor was not measured', { tensor: tensor.stored });
    }
    const plan = sample.plans.get(tensor.key);
    return {
      key: tensor.key,
      scope: tensor.scope,
      layer: tensor.layer,
      role: tensor.role,
      expert: tensor.expert,
      part: tensor.part,
      component: tensor.component,
      stored: tensor.stored,
      dtype: stored.dtype,
      shape: tensor.shape,
      residual_axis: tensor.residualAxis,
      digest: part.digest,
      parameters: part.parameters,
      bytes: part.parameters * ((stored.end - stored.begin) / Math.max(1, elementsOf(stored.shape))),
      moments: part.moments,
      sample:
        plan === undefined || part.sample === null
          ? null
          : {
              ...plan.summary,
              indices: plan.indices,
              dtype: part.sample.dtype,
              digest: part.sample.digest,
            },
    };
  });
  const kept = new Map<string, EncodableTensor>();
  for (const { key, sample: summary } of tensors) {
    const bytes = samples.get(key);
    if (summary === null || bytes === undefined) continue;
    const { dtype, features: rows, units } = summary;
    kept.set(key, { name: key, dtype, shape: [rows, units], bytes });
  }
  const document: FingerprintDocument = {
    schema_version: 1,
    sampling: SAMPLING_SCHEME,
    features,
    architecture: checkpoint.architecture,
    files: fileDigests(checkpoint, headerDigests, storedDigests),
    tensors,
    excluded: checkpoint.excluded,
    findings: checkpoint.findings,
    vocabulary:
      checkpoint.tokenizer === null
        ? null
        : { size: checkpoint.tokenizer.size, digest: checkpoint.tokenizer.digest },
    tokens: sample.tokens,
    samples_digest: samplesDigest(tensors),
  };
  return { document, samples: kept };
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** One digest per shard: SHA-256 over the digest of its header and those of its tensors in file order. */
function fileDigests(
  checkpoint: Checkpoint,
  headerDigests: ReadonlyMap<string, string>,
  storedDigests: ReadonlyMap<string, readonly string[]>,
): FingerprintDocument['files'] {
  return [...storedDigests.keys()].sort().map((path) => {
    const hash = createHash('sha256').update(headerDigests.get(path) ?? '');
    for (const digest of storedDigests.get(path) ?? []) hash.update(digest);
    return {
      path,
      size: checkpoint.files.find((file) => file.path === path)?.size ?? 0,
      digest: hash.digest('hex'),
    };
  });
}
