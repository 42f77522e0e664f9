import { ObjectChanged, type PlannedModel, type ShardGroup } from '@jokbo/contracts';
import { planFingerprint, readParts, taskBytes, type FingerprintPlan } from '@jokbo/fingerprint';
import { openSource, type FingerprintDeps, type Source } from './load-model.js';

/** Bytes of a group of shards: half a minute to five minutes of reading, at 0.5 to 0.05 GB/s. */
export const SHARD_GROUP_BYTES = 16e9;

/** Most groups of a model: their description fits one answer. */
const MOST_GROUPS = 200;

/**
 * Cuts the reading of a model into groups of consecutive tasks, for as many workers.
 *
 * @param groupBytes aimed at per group; a group is at least one task.
 * @returns none where one group would do, where the fingerprint is known, or where the source is a fingerprint.
 */
export async function planShardGroups(
  model: PlannedModel,
  deps: Omit<FingerprintDeps, 'runner'>,
  groupBytes: number = SHARD_GROUP_BYTES,
): Promise<ShardGroup[]> {
  const { parts, progress, features } = deps;
  return withSource(model.uri, deps, async (source) => {
    if (source.kind === 'fingerprint') return [];
    const plan = planFingerprint(source.checkpoint, features);
    progress.expect('fingerprint', plan.tasks.length, bytesOf(plan));
    if ((await parts.get(plan.key)) !== null) return [];
    const groups = groupsOf(model, plan, groupBytes);
    return groups.length === 1 ? [] : groups;
  });
}

/**
 * Reads the shards of a group and keeps what comes of them; what is kept already is not read again.
 *
 * @throws ObjectChanged where the checkpoint is another than that which was planned.
 */
export async function readShardGroup(group: ShardGroup, deps: FingerprintDeps): Promise<void> {
  const { runner, parts, progress, features, signal } = deps;
  await withSource(group.uri, deps, async (source) => {
    const plan = source.kind === 'checkpoint' ? planFingerprint(source.checkpoint, features) : null;
    if (source.kind !== 'checkpoint' || plan?.key !== group.version) {
      throw new ObjectChanged('the checkpoint is no longer what was planned', { object: group.uri });
    }
    runner.prepare(group.bytes);
    await readParts(plan.tasks.slice(group.from, group.to), source.store, runner, parts, {
      ...(signal === undefined ? {} : { signal }),
      onTask: (task, read) => progress.advance('fingerprint', 1, read ? taskBytes(task) : 0),
    });
  });
}

function groupsOf(model: PlannedModel, plan: FingerprintPlan, groupBytes: number): ShardGroup[] {
  const { id, uri } = model;
  return groupTasks(plan, groupBytes).map((group) => ({ model: id, uri, version: plan.key, ...group }));
}

/** Consecutive tasks of a fingerprint that one activity reads, and their bytes. */
export function groupTasks(
  { tasks }: FingerprintPlan,
  groupBytes: number = SHARD_GROUP_BYTES,
): Pick<ShardGroup, 'from' | 'to' | 'bytes'>[] {
  const sizes = tasks.map(({ task }) => taskBytes(task));
  const aim = Math.max(groupBytes, sizes.reduce((sum, size) => sum + size, 0) / MOST_GROUPS);
  const groups: Pick<ShardGroup, 'from' | 'to' | 'bytes'>[] = [];
  let [from, bytes] = [0, 0];
  for (const [at, size] of sizes.entries()) {
    bytes += size;
    if (at + 1 < sizes.length && bytes < aim) continue;
    groups.push({ from, to: at + 1, bytes });
    [from, bytes] = [at + 1, 0];
  }
  return groups;
}

function bytesOf({ tasks }: FingerprintPlan): number {
  return tasks.reduce((sum, { task }) => sum + taskBytes(task), 0);
}

async function withSource<T>(
  uri: string,
  { signal, connections }: Pick<FingerprintDeps, 'signal' | 'connections'>,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  const source = await openSource(uri, signal, connections);
  try {
    return await use(source);
  } finally {
    await source.store.close();
  }
}
