import { availableParallelism } from 'node:os';
import {
  YOUNG_GENERATION_MB,
  type BackendChoice,
  type Component,
  type ComparisonKind,
  type EvidenceReference,
  type TensorBackend,
} from '@jokbo/contracts';
import { createWorkerPool, openStoredFingerprint, type ModelData, type PartStore } from '@jokbo/fingerprint';
import {
  classOf,
  evidenceKey,
  loadJson,
  measuredBy,
  storeJson,
  type StoredEvidence,
} from './evidence-store.js';
import { leavesQuestion, measureComparison } from './measure-comparison.js';
import { needsDisguise } from './needs-disguise.js';

/** A comparison of two stored fingerprints. */
export interface SampledComparison {
  readonly kind: ComparisonKind;
  readonly subject: string;
  readonly reference: string;
  /** The one that is measured; absent: all that the kind asks for. */
  readonly component?: Component;
}

export interface ComparisonOutcome extends Pick<EvidenceReference, 'numericClass'> {
  /** Key of the stored evidence. */
  readonly evidence: string;
  readonly needsFull: boolean;
  readonly needsDisguise: boolean;
}

/** Compares stored fingerprints; evidence that is stored already is not measured again. */
export interface Comparer {
  /** @param size of the work: of what waits for a thread the largest is begun with. */
  compare(comparison: SampledComparison, signal?: AbortSignal, size?: number): Promise<ComparisonOutcome>;
  close(): Promise<void>;
}

/** Models that a comparer keeps open: as many as one programme has. */
const OPEN_MODELS = 48;

/** Compares on the calling thread, one comparison at a time. */
export function createComparer(parts: PartStore, backend: TensorBackend): Comparer {
  const open = new Map<string, ModelData>();
  async function model(id: string): Promise<ModelData> {
    const known = open.get(id);
    if (known !== undefined) {
      // Now the youngest: the second model of a pair must not close the first.
      open.delete(id);
      open.set(id, known);
      return known;
    }
    const data = await openStoredFingerprint(parts, id);
    if (data === null) throw new RangeError(`no fingerprint ${id}`);
    const [oldest] = open;
    if (open.size >= OPEN_MODELS && oldest !== undefined) {
      open.delete(oldest[0]);
      await oldest[1].close();
    }
    open.set(id, data);
    return data;
  }
  return {
    async compare({ kind, subject, reference, component }, signal) {
      const evidence = evidenceKey(kind, subject, reference, 'sampled', component, backend.name);
      const of = component === undefined ? undefined : [component];
      const [a, b] = [await model(subject), await model(reference)];
      const known = await loadJson<StoredEvidence>(parts, evidence);
      const stored = known ?? {
        ...(await measureComparison(kind, a, b, backend, { signal, components: of })),
        ...measuredBy(backend),
      };
      if (known === null) await storeJson(parts, evidence, stored);
      const audited = kind === 'audit';
      return {
        evidence,
        needsFull: audited && leavesQuestion(stored.records, a, b),
        needsDisguise: audited && needsDisguise(stored.records),
        ...classOf(backend),
      };
    },
    async close() {
      for (const data of open.values()) await data.close();
      open.clear();
    },
  };
}

/** What a comparing thread is asked. */
export interface CompareRequest extends SampledComparison {
  /** URI of the work folder. */
  readonly work: string;
  readonly backend: BackendChoice;
}

/** The worker entry is a committed script that imports the build: Node 20 runs no TypeScript in workers. */
const WORKER = new URL('../workers/compare-worker.js', import.meta.url);

/** Compares on threads, one comparison each: the statistics of a pair are one thread's work. */
export function createThreadedComparer(
  work: string,
  threads: number = availableParallelism(),
  backend: BackendChoice = 'wasm',
): Comparer {
  const pool = createWorkerPool<CompareRequest, ComparisonOutcome>(WORKER, threads, {
    maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
  });
  return {
    compare: (comparison, signal, size) =>
      pool.run(
        { ...comparison, work, backend },
        `${comparison.subject} × ${comparison.reference}`,
        signal,
        size,
      ),
    close: () => pool.close(),
  };
}
