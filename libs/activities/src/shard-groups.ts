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
  const { parts, progress, features, signal } = deps;
  return withSource(model.uri, signal, async (source) => {
    if (source.kind === 'fingerprint') return [];
    const plan = planFingerprint(source.checkpoint, features);
    progress.expect('fingerprint', plan.tasks.length, bytesOf(plan, 0, plan.tasks.length));
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
  await withSource(group.uri, signal, async (source) => {
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
  const { tasks, key: version } = plan;
  const aim = Math.max(groupBytes, bytesOf(plan, 0, tasks.length) / MOST_GROUPS);
  const groups: ShardGroup[] = [];
  const add = (from: number, to: number): void => {
    groups.push({ model: model.id, uri: model.uri, version, from, to, bytes: bytesOf(plan, from, to) });
  };
  let from = 0;
  for (let to = 1; to <= tasks.length; to += 1) {
    if (to < tasks.length && bytesOf(plan, from, to) < aim) continue;
    add(from, to);
    from = to;
  }
  return groups;
}

function bytesOf({ tasks }: FingerprintPlan, from: number, to: number): number {
  return tasks.slice(from, to).reduce((sum, { task }) => sum + taskBytes(task), 0);
}

async function withSource<T>(
  uri: string,
  signal: AbortSignal | undefined,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  const source = await openSource(uri, signal);
  try {
    return await use(source);
  } finally {
    await source.store.close();
  }
}
