import { availableParallelism } from 'node:os';
import type { ComparisonKind, TensorBackend } from '@jokbo/contracts';
import {
  createWorkerPool,
  loadFingerprint,
  openFingerprint,
  type ModelData,
  type PartStore,
} from '@jokbo/fingerprint';
import { evidenceKey, loadJson, storeJson, type StoredEvidence } from './evidence-store.js';
import { leavesQuestion, measureComparison } from './measure-comparison.js';
import { needsDisguise } from './needs-disguise.js';

/** A comparison of two stored fingerprints. */
export interface SampledComparison {
  readonly kind: ComparisonKind;
  readonly subject: string;
  readonly reference: string;
}

export interface ComparisonOutcome {
  /** Key of the stored evidence. */
  readonly evidence: string;
  readonly needsFull: boolean;
  readonly needsDisguise: boolean;
}

/** Compares stored fingerprints; evidence that is stored already is not measured again. */
export interface Comparer {
  compare(comparison: SampledComparison, signal?: AbortSignal): Promise<ComparisonOutcome>;
  close(): Promise<void>;
}

/** Models that a comparer keeps open: as many as one programme has. */
const OPEN_MODELS = 48;

/** Compares on the calling thread. */
export function createComparer(parts: PartStore, backend: TensorBackend): Comparer {
  const open = new Map<string, ModelData>();
  async function model(id: string): Promise<ModelData> {
    const known = open.get(id);
    if (known !== undefined) return known;
    const fingerprint = await loadFingerprint(parts, id);
    if (fingerprint === null) throw new RangeError(`no fingerprint ${id}`);
    const data = openFingerprint(fingerprint);
    const [oldest] = open.keys();
    if (open.size >= OPEN_MODELS && oldest !== undefined) open.delete(oldest);
    open.set(id, data);
    return data;
  }
  return {
    async compare({ kind, subject, reference }, signal) {
      const evidence = evidenceKey(kind, subject, reference, 'sampled');
      const [a, b] = [await model(subject), await model(reference)];
      const known = await loadJson<StoredEvidence>(parts, evidence);
      const stored = known ?? (await measureComparison(kind, a, b, backend, signal));
      if (known === null) await storeJson(parts, evidence, stored);
      const audited = kind === 'audit';
      return {
        evidence,
        needsFull: audited && leavesQuestion(stored.records, a),
        needsDisguise: audited && needsDisguise(stored.records),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** What a comparing thread is asked. */
export interface CompareRequest extends SampledComparison {
  /** URI of the work folder. */
  readonly work: string;
}

/** The worker entry is a committed script that imports the build: Node 20 runs no TypeScript in workers. */
const WORKER = new URL('../workers/compare-worker.js', import.meta.url);

/**
 * Young generation of a comparing thread, MiB. Its products live in memory outside of the heap until their handles are
 * collected: with the 48 of V8 a comparison spent a quarter of its time in collections.
 */
const YOUNG_GENERATION_MB = 192;

/** Compares on threads, one comparison each: the statistics of a pair are one thread's work. */
export function createThreadedComparer(work: string, threads: number = availableParallelism()): Comparer {
  const pool = createWorkerPool<CompareRequest, ComparisonOutcome>(WORKER, threads, {
    maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
  });
  return {
    compare: (comparison, signal) =>
      pool.run({ ...comparison, work }, `${comparison.subject} × ${comparison.reference}`, signal),
    close: () => pool.close(),
  };
}
