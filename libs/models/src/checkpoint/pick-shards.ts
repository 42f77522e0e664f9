import { MalformedCheckpoint, type ObjectInfo } from '@jokbo/contracts';

/** `model-00001-of-00003.safetensors`; the writers use five or six digits. */
const NUMBERED = /^(.*?)[-_]?(\d{5,6})-of-(\d{5,6})\.safetensors$/;

/** Most shards of a set: the limit of the hub's own reader. */
const SHARD_LIMIT = 10_000;

/** The shards of a checkpoint without index, and the safetensors files that are none of them. */
export interface PickedShards {
  readonly shards: readonly string[];
  readonly surplus: readonly string[];
}

/**
 * Picks the shards of a folder that has no index: the only safetensors file, a complete `-of-` set, or
 * `model.safetensors` among others.
 *
 * @throws MalformedCheckpoint `missing-weights`, `missing-shard`, `ambiguous-shards`.
 */
export function pickShards(files: readonly ObjectInfo[], object: string): PickedShards {
  const names = topLevel(files).filter((path) => path.endsWith('.safetensors'));
  if (names.length === 0) {
    throw new MalformedCheckpoint('missing-weights', 'no safetensors file in the folder', { object });
  }
  const sets = new Map<string, string[]>();
  for (const name of names) {
    const match = NUMBERED.exec(name);
    if (match === null) continue;
    const key = `${match[1] ?? ''}\0${match[3] ?? ''}`;
    sets.set(key, [...(sets.get(key) ?? []), name]);
  }
  const chosen = chooseSet(names, sets, object);
  const surplus = names.filter((name) => !chosen.includes(name));
  return { shards: chosen, surplus };
}

function chooseSet(
  names: readonly string[],
  sets: ReadonlyMap<string, readonly string[]>,
  object: string,
): readonly string[] {
  if (sets.size > 1) throw ambiguous(names, object);
  const [set] = sets;
  if (set !== undefined) {
    const [key, shards] = set;
    requireComplete(Number(key.split('\0')[1]), shards, object);
    return shards;
  }
  if (names.length === 1) return names;
  if (names.includes('model.safetensors')) return ['model.safetensors'];
  throw ambiguous(names, object);
}

function requireComplete(total: number, shards: readonly string[], object: string): void {
  const found = new Set(shards.map((name) => Number(NUMBERED.exec(name)?.[2])));
  if (total < 1 || total > SHARD_LIMIT) {
    throw new MalformedCheckpoint('missing-shard', 'not a number of shards', { object, value: total });
  }
  for (let shard = 1; shard <= total; shard += 1) {
    if (found.has(shard)) continue;
    throw new MalformedCheckpoint('missing-shard', `shard ${shard} of ${total} is absent`, {
      object,
      value: shards[0] ?? '',
    });
  }
  if (found.size !== total || shards.length !== total) throw ambiguous(shards, object);
}

function ambiguous(names: readonly string[], object: string): MalformedCheckpoint {
  return new MalformedCheckpoint('ambiguous-shards', 'several safetensors files and no index to choose', {
    object,
    value: names.slice(0, 5).join(', '),
  });
}

/** Paths directly in the folder. */
export function topLevel(files: readonly ObjectInfo[]): readonly string[] {
  return files.map(({ path }) => path).filter((path) => !path.includes('/'));
}

/**
 * The index of a folder: `model.safetensors.index.json`, or the only other `*.safetensors.index.json`; null if none.
 *
 * @throws MalformedCheckpoint `ambiguous-index`.
 */
export function pickIndex(files: readonly ObjectInfo[], object: string): string | null {
  const names = topLevel(files).filter((path) => path.endsWith('.safetensors.index.json'));
  if (names.includes('model.safetensors.index.json')) return 'model.safetensors.index.json';
  if (names.length > 1) {
    throw new MalformedCheckpoint('ambiguous-index', 'several indexes', {
      object,
      value: names.slice(0, 5).join(', '),
    });
  }
  return names[0] ?? null;
}
