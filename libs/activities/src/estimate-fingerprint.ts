import type { Checkpoint } from '@jokbo/contracts';
import { planFingerprint, taskBytes, type PartStore } from '@jokbo/fingerprint';
import { inWindow } from '@jokbo/pipeline';
import { groupTasks } from './shard-groups.js';

/** Looks into the store at a time: each is a request where it is a bucket, and a large model has 30,000 tasks. */
const LOOKS_IN_FLIGHT = 64;

/** Work that fingerprinting a checkpoint would be. */
export interface FingerprintEstimate {
  readonly tasks: number;
  /** Groups of shards that as many activities of a fleet read. */
  readonly groups: number;
  readonly bytes: number;
  /** Bytes of tasks whose results are stored already. */
  readonly cachedBytes: number;
}

/** What there is to read of a checkpoint, of its headers alone. */
export async function estimateFingerprint(
  checkpoint: Checkpoint,
  features: number,
  parts: PartStore,
): Promise<FingerprintEstimate> {
  const plan = planFingerprint(checkpoint, features);
  const { tasks } = plan;
  const bytes = tasks.reduce((sum, { task }) => sum + taskBytes(task), 0);
  const known = { tasks: tasks.length, groups: groupTasks(plan).length, bytes };
  const isStored = async (key: string): Promise<boolean> =>
    parts.has === undefined ? (await parts.get(key)) !== null : parts.has(key);
  if (await isStored(plan.key)) return { ...known, cachedBytes: bytes };
  const stored = await inWindow(
    tasks,
    LOOKS_IN_FLIGHT,
    ({ key }) => isStored(key),
    ({ key }) => key,
  );
  const cachedBytes = tasks.reduce(
    (sum, { task }, at) => sum + (stored[at] === true ? taskBytes(task) : 0),
    0,
  );
  return { ...known, cachedBytes };
}
