import type { Checkpoint, ObjectStore } from '@jokbo/contracts';
import type { Fingerprint } from './fingerprint-file.js';
import { mergePartials } from './merge-partials.js';
import { planFingerprint } from './plan-fingerprint.js';
import { readParts } from './read-parts.js';
import type { ReadTask } from './read-plan.js';
import { DEFAULT_FEATURES } from './sample-plan.js';
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
  const { sample, tasks, key } = planFingerprint(checkpoint, features);
  options.onPlan?.(tasks.map(({ task }) => task));
  const known = await knownFingerprint(parts, key);
  if (known !== null) {
    for (const { task } of tasks) options.onTask?.(task, false);
    return known;
  }
  const partials = await readParts(tasks, store, runner, parts, options);
  const merged = mergePartials(checkpoint, sample, features, partials);
  const fingerprint = await storeFingerprint(parts, merged);
  await parts.put(key, Buffer.from(fingerprint.id));
  return fingerprint;
}

async function knownFingerprint(parts: PartStore, key: string): Promise<Fingerprint | null> {
  const id = await parts.get(key);
  return id === null ? null : loadFingerprint(parts, new TextDecoder().decode(id));
}
