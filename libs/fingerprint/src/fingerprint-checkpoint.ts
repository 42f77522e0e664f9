import { setMaxListeners } from 'node:events';
import { canonicalJson, type Checkpoint, type ObjectStore } from '@jokbo/contracts';
import { FINGERPRINT_VERSION, sampledFingerprintKey } from './fingerprint-key.js';
import { sha256Hex, type Fingerprint } from './fingerprint-file.js';
import { mergePartials } from './merge-partials.js';
import { decodePartial, partialPieces, type PartialWithSamples } from './partial.js';
import { planReads, type ReadTask } from './read-plan.js';
import { DEFAULT_FEATURES, planSample } from './sample-plan.js';
import { loadFingerprint, storeFingerprint, type PartStore } from './stored-fingerprint.js';
import type { TaskRunner } from './task-runner.js';

export interface FingerprintOptions {
  readonly features?: number;
  readonly signal?: AbortSignal;
  /** Called once with the work there is. */
  readonly onPlan?: (tasks: readonly ReadTask[]) => void;
  /** Called after each task; `read` is false where a finished part was found. */
  readonly onTask?: (task: ReadTask, read: boolean) => void;
}

/** Key of a finished part: everything that its bytes depend on, nothing of where the file lies. */
export function taskKey(task: ReadTask): string {
  return sha256Hex(canonicalJson({ version: FINGERPRINT_VERSION, task }));
}

/**
 * Fingerprints a checkpoint: reads every byte once, in tasks whose results are kept, and merges them. A
 * checkpoint whose files are unchanged is not read again; a run that was killed repeats only the unfinished
 * tasks, and gives the same bytes.
 */
export async function fingerprintCheckpoint(
  checkpoint: Checkpoint,
  store: ObjectStore,
  runner: TaskRunner,
  parts: PartStore,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const features = options.features ?? DEFAULT_FEATURES;
  runner.prepare(checkpoint.stored.reduce((sum, { begin, end }) => sum + end - begin, 0));
  const sample = planSample(checkpoint, features);
  const tasks = planReads(checkpoint, sample);
  options.onPlan?.(tasks);
  const keys = tasks.map(taskKey);
  const key = sampledFingerprintKey(checkpoint, features, keys);
  const known = await knownFingerprint(parts, key);
  if (known !== null) {
    for (const task of tasks) options.onTask?.(task, false);
    return known;
  }
  const controller = new AbortController();
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
  // Every task in flight listens; Node warns of more than ten.
  setMaxListeners(0, signal);
  const partials = await Promise.allSettled(
    tasks.map(async (task, index): Promise<PartialWithSamples> => {
      try {
        const { partial, read } = await partialOf(
          task,
          keys[index] ?? taskKey(task),
          store,
          runner,
          parts,
          signal,
        );
        options.onTask?.(task, read);
        return partial;
      } catch (error) {
        controller.abort(error);
        throw error;
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (controller.signal.aborted) throw controller.signal.reason;
  const merged = mergePartials(
    checkpoint,
    sample,
    features,
    partials.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
  );
  const fingerprint = await storeFingerprint(parts, merged);
  await parts.put(key, Buffer.from(fingerprint.id));
  return fingerprint;
}

async function partialOf(
  task: ReadTask,
  key: string,
  store: ObjectStore,
  runner: TaskRunner,
  parts: PartStore,
  signal: AbortSignal,
): Promise<{ partial: PartialWithSamples; read: boolean }> {
  const known = await parts.get(key);
  if (known !== null) return { partial: decodePartial(known, `${store.uri}/${task.file}`), read: false };
  signal.throwIfAborted();
  const partial = await runner.run(task, store, signal);
  await parts.put(key, partialPieces(partial));
  return { partial, read: true };
}

async function knownFingerprint(parts: PartStore, key: string): Promise<Fingerprint | null> {
  const id = await parts.get(key);
  return id === null ? null : loadFingerprint(parts, new TextDecoder().decode(id));
}
