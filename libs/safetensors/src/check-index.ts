import { MalformedCheckpoint } from '@jokbo/contracts';
import type { SafetensorsHeader } from './header.js';
import type { CheckpointIndex } from './parse-index.js';

/** Findings that list names show this many. */
const NAMES_SHOWN = 5;

/**
 * Checks an index against the headers of the shards that lie beside it, both ways. A contradiction about which
 * tensors there are or where they lie is an error: two readers could audit different weights. Shards that the
 * index does not name, and a wrong `total_size`, are findings: no loader reads either.
 *
 * @param headersByShard header of every shard file found, by its name as the index spells it.
 * @throws MalformedCheckpoint missing-shard, duplicate-tensor (in two named shards), missing-tensor (indexed, but
 * not in the named shard), surplus-tensor (in a named shard, but not indexed).
 */
export function checkIndex(
  index: CheckpointIndex,
  headersByShard: ReadonlyMap<string, SafetensorsHeader>,
): { readonly findings: readonly string[] } {
  const { object, weightMap } = index;
  const named = [...new Set(weightMap.values())].sort();
  const shardOf = new Map<string, string>();
  let payload = 0;
  for (const shard of named) {
    const header = headersByShard.get(shard);
    if (header === undefined) {
      throw new MalformedCheckpoint('missing-shard', 'index names an absent shard', { object, value: shard });
    }
    for (const tensor of header.tensors) {
      const other = shardOf.get(tensor.name);
      if (other !== undefined) throw inTwoShards(object, tensor.name, other, shard);
      shardOf.set(tensor.name, shard);
      payload += tensor.end - tensor.begin;
    }
  }
  for (const [tensor, shard] of weightMap) {
    const found = shardOf.get(tensor);
    if (found !== shard) {
      const where = found === undefined ? 'no named shard holds it' : `it lies in ${found}`;
      throw new MalformedCheckpoint('missing-tensor', `index names an absent tensor: ${where}`, {
        object,
        tensor,
        value: shard,
      });
    }
  }
  for (const [tensor, shard] of shardOf) {
    if (!weightMap.has(tensor)) {
      throw new MalformedCheckpoint('surplus-tensor', 'shard holds a tensor that the index does not name', {
        object,
        tensor,
        value: shard,
      });
    }
  }
  return { findings: [...surplusShards(named, headersByShard), ...wrongTotal(index, payload)] };
}

function inTwoShards(object: string, tensor: string, first: string, second: string): MalformedCheckpoint {
  return new MalformedCheckpoint('duplicate-tensor', `tensor in two shards: ${first} and ${second}`, {
    object,
    tensor,
  });
}

function surplusShards(
  named: readonly string[],
  headersByShard: ReadonlyMap<string, SafetensorsHeader>,
): readonly string[] {
  const known = new Set(named);
  const surplus = [...headersByShard.keys()].filter((shard) => !known.has(shard)).sort();
  if (surplus.length === 0) return [];
  const more = surplus.length > NAMES_SHOWN ? ', …' : '';
  return [
    `surplus-shard: the index does not name ${surplus.length} of the shard files (${surplus.slice(0, NAMES_SHOWN).join(', ')}${more}); they are not audited`,
  ];
}

function wrongTotal(index: CheckpointIndex, payload: number): readonly string[] {
  if (index.totalSize === null || index.totalSize === payload) return [];
  return [`total-size: the index claims ${index.totalSize} bytes, its shards hold ${payload}`];
}
