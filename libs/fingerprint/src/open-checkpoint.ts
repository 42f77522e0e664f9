import { DTYPE_BITS, type Checkpoint, type ObjectStore } from '@jokbo/contracts';
import { createMemo } from './memo.js';
import type { FactorData, ModelData } from './model-data.js';
import { sampleBytes } from './partial.js';
import { planReads, type ReadTask } from './read-plan.js';
import { planSample } from './sample-plan.js';
import type { AddressedDocument } from './stored-fingerprint.js';
import type { TaskRunner } from './task-runner.js';

/** Decoded factors kept for the next statistic; beyond it the oldest are dropped and read again. */
const CACHE_BYTES = 512 * 1024 * 1024;

/** Derived results kept per model. */
const MEMO_BYTES = 64 * 1024 * 1024;

/**
 * Every element of a checkpoint as model data: tensors are read when they are asked for. The fingerprint
 * supplies digests and moments, which are over all elements anyway.
 *
 * @param cacheBytes bytes of factors that are kept; results do not depend on it.
 */
export function openCheckpoint(
  checkpoint: Checkpoint,
  store: ObjectStore,
  runner: TaskRunner,
  fingerprint: AddressedDocument,
  signal?: AbortSignal,
  cacheBytes = CACHE_BYTES,
): ModelData {
  const sample = planSample(checkpoint, Number.POSITIVE_INFINITY);
  const taskByKey = new Map<string, ReadTask>();
  for (const task of planReads(checkpoint, sample)) {
    for (const tensor of task.tensors) {
      const single: ReadTask = { ...task, headerEnd: null, tensors: [tensor] };
      for (const part of tensor.parts) taskByKey.set(part.key, single);
    }
  }
  const cache = createFactorCache(cacheBytes);
  const tensors = new Map(fingerprint.document.tensors.map((tensor) => [tensor.key, tensor]));

  async function read(key: string): Promise<FactorData | null> {
    const plan = sample.plans.get(key);
    const task = taskByKey.get(key);
    if (plan === undefined || task === undefined) return null;
    const partial = await runner.run(task, store, signal);
    let asked: FactorData | null = null;
    for (const part of partial.parts) {
      const bytes = sampleBytes(partial, part);
      const partPlan = sample.plans.get(part.key);
      if (part.sample === null || bytes === null || partPlan === undefined) continue;
      const { dtype, features, units } = part.sample;
      const factor: FactorData = {
        view: { bytes, dtype, shape: [features, units] },
        dtype,
        features,
        units,
        indices: partPlan.indices,
        tokens: partPlan.summary.by === 'token' ? sample.tokens : null,
      };
      cache.put(part.key, factor);
      if (part.key === key) asked = factor;
    }
    // Not from the cache: the other experts of a stack may have driven it out already.
    return asked;
  }

  return {
    id: fingerprint.id,
    mode: 'full',
    architecture: checkpoint.architecture,
    tensors,
    factor: async (key) => cache.get(key) ?? (await read(key)),
    memo: createMemo(MEMO_BYTES),
    close() {
      cache.clear();
      return Promise.resolve();
    },
  };
}

interface FactorCache {
  get(key: string): FactorData | null;
  put(key: string, factor: FactorData): void;
  clear(): void;
}

function createFactorCache(limit: number): FactorCache {
  const entries = new Map<string, FactorData>();
  let bytes = 0;
  const size = (factor: FactorData): number =>
    (factor.features * factor.units * DTYPE_BITS[factor.dtype]) / 8;
  return {
    get: (key) => entries.get(key) ?? null,
    put(key, factor) {
      if (entries.has(key)) return;
      entries.set(key, factor);
      bytes += size(factor);
      for (const [oldest, held] of entries) {
        if (bytes <= limit || oldest === key) break;
        entries.delete(oldest);
        bytes -= size(held);
      }
    },
    clear() {
      entries.clear();
      bytes = 0;
    },
  };
}
