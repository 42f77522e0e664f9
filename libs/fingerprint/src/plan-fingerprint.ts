import { canonicalJson, type Checkpoint } from '@jokbo/contracts';
import { sha256Hex } from './fingerprint-file.js';
import { FINGERPRINT_VERSION, sampledFingerprintKey } from './fingerprint-key.js';
import { planReads, type ReadTask } from './read-plan.js';
import { planSample, type CheckpointSample } from './sample-plan.js';

/** A task with the key of its result. */
export interface KeyedTask {
  readonly task: ReadTask;
  readonly key: string;
}

/** What fingerprinting a checkpoint will read and keep. */
export interface FingerprintPlan {
  readonly sample: CheckpointSample;
  readonly tasks: readonly KeyedTask[];
  /** Key of the fingerprint: it tells this version of the checkpoint, and the budget, from every other. */
  readonly key: string;
}

export function planFingerprint(checkpoint: Checkpoint, features: number): FingerprintPlan {
  const sample = planSample(checkpoint, features);
  const tasks = planReads(checkpoint, sample).map((task) => ({ task, key: taskKey(task) }));
  const key = sampledFingerprintKey(
    checkpoint,
    features,
    tasks.map((task) => task.key),
  );
  return { sample, tasks, key };
}

/** Key of a finished part: everything that its bytes depend on, nothing of where the file lies. */
export function taskKey(task: ReadTask): string {
  return sha256Hex(canonicalJson({ version: FINGERPRINT_VERSION, task }));
}

/** Bytes that a task reads. */
export function taskBytes(task: ReadTask): number {
  return task.tensors.reduce((sum, { stored }) => sum + stored.end - stored.begin, 0);
}
