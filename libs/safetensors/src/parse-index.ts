import { MalformedCheckpoint } from '@jokbo/contracts';
import { checkTensorName } from './header.js';
import {
  malformed,
  nextKind,
  openJson,
  readItems,
  readKey,
  readString,
  skipSpace,
  type JsonCursor,
} from './json-cursor.js';
import { readJsonValue, type JsonBudget } from './read-json-value.js';

/** What `model.safetensors.index.json` says: its own claim, to be checked against the headers. */
export interface CheckpointIndex {
  /** URI of the index. */
  readonly object: string;
  /** Claimed payload of all shards in bytes; null where the index does not say. */
  readonly totalSize: number | null;
  /** Tensor name → shard file, in the order of the file. */
  readonly weightMap: ReadonlyMap<string, string>;
}

/** Longest index in bytes: the limit of the hub's own reader. */
export const MAX_INDEX_BYTES = 250_000_000;

/** Most tensors in an index; the largest public one has about 497,000. */
export const MAX_INDEX_TENSORS = 1_000_000;

/** Most shard files: the limit of the hub's own reader. */
export const MAX_SHARDS = 10_000;

/** Longest shard file name in UTF-16 units: longer than any object store's key. */
export const MAX_SHARD_NAME_LENGTH = 1024;

/** Values besides the weight map: an index holds two or three numbers there. */
const MAX_OTHER_VALUES = 10_000;

/**
 * Parses `model.safetensors.index.json`. Other keys than `metadata` and `weight_map` are read and left out.
 *
 * @throws MalformedCheckpoint with one of the rules: json, unicode, duplicate-key, index-fields (no weight_map),
 * index-type, shard-name (`..`, leading `/`, `://`, backslash, control character, empty),
 * name-control-character, limits.
 */
export function parseIndex(bytes: Uint8Array, object: string): CheckpointIndex {
  if (bytes.length > MAX_INDEX_BYTES) {
    throw new MalformedCheckpoint('limits', `index of ${bytes.length} bytes`, { object });
  }
  const cursor = openJson(bytes, object);
  const budget: JsonBudget = { values: MAX_OTHER_VALUES, containers: MAX_OTHER_VALUES, pythonFloats: false };
  const keys = new Set<string>();
  const weightMap = new Map<string, string>();
  let totalSize: number | null = null;
  if (nextKind(cursor) !== 'object') throw malformed(cursor, 'index-type', 'index is not an object');
  readItems(cursor, '{}', () => {
    const key = readKey(cursor);
    if (keys.has(key))
      throw malformed(cursor, 'duplicate-key', 'key occurs twice', { value: key.slice(0, 80) });
    keys.add(key);
    if (key === 'weight_map') readWeightMap(cursor, weightMap);
    else if (key === 'metadata') totalSize = readTotalSize(cursor, budget);
    else readJsonValue(cursor, budget, 1);
  });
  if (skipSpace(cursor) !== -1) throw malformed(cursor, 'json', 'text behind the object');
  if (!keys.has('weight_map')) throw malformed(cursor, 'index-fields', 'index has no weight_map');
  return { object, totalSize, weightMap };
}

function readWeightMap(cursor: JsonCursor, weightMap: Map<string, string>): void {
  /** One copy of each shard's name, whatever the number of its tensors. */
  const shards = new Map<string, string>();
  if (nextKind(cursor) !== 'object') throw malformed(cursor, 'index-type', 'weight_map is not an object');
  readItems(cursor, '{}', () => {
    const name = readKey(cursor);
    checkTensorName(name, cursor.object);
    if (weightMap.has(name)) throw malformed(cursor, 'duplicate-key', 'name occurs twice', { tensor: name });
    if (weightMap.size === MAX_INDEX_TENSORS) throw malformed(cursor, 'limits', 'too many tensors');
    if (nextKind(cursor) !== 'string') {
      throw malformed(cursor, 'index-type', 'shard is not a string', { tensor: name });
    }
    const text = readString(cursor);
    let shard = shards.get(text);
    if (shard === undefined) {
      checkShardName(cursor, text, name);
      if (shards.size === MAX_SHARDS) throw malformed(cursor, 'limits', 'too many shards');
      shards.set(text, text);
      shard = text;
    }
    weightMap.set(name, shard);
  });
}

/** A shard lies in or below the folder of its index: nothing may lead out of it. */
function checkShardName(cursor: JsonCursor, shard: string, tensor: string): void {
  const leadsOut = shard.startsWith('/') || ['..', '://', '\\'].some((part) => shard.includes(part));
  const printable = Array.from(shard).every((character) => character >= ' ');
  if (shard === '' || shard.length > MAX_SHARD_NAME_LENGTH || leadsOut || !printable) {
    throw malformed(cursor, 'shard-name', 'not the name of a shard', { tensor, value: shard.slice(0, 80) });
  }
}

function readTotalSize(cursor: JsonCursor, budget: JsonBudget): number | null {
  const metadata = readJsonValue(cursor, budget, 1);
  if (metadata === null) return null;
  if (typeof metadata !== 'object' || !('total_size' in metadata)) {
    if (typeof metadata === 'object' && !Array.isArray(metadata)) return null;
    throw malformed(cursor, 'index-type', 'metadata is not an object');
  }
  const totalSize = metadata.total_size;
  if (typeof totalSize !== 'number') throw malformed(cursor, 'index-type', 'total_size is not a number');
  return totalSize;
}
