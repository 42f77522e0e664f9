import {
  MalformedCheckpoint,
  type CheckpointFile,
  type ObjectStore,
  type StoredTensor,
} from '@jokbo/contracts';
import {
  checkIndex,
  MAX_INDEX_BYTES,
  parseIndex,
  readHeader,
  type CheckpointIndex,
  type SafetensorsHeader,
} from '@jokbo/safetensors';
import { readObject } from '@jokbo/storage';
import { pickShards } from './pick-shards.js';

/** Headers read at the same time: enough to hide the latency of object storage. */
const CONCURRENCY = 8;

/** The shards of a checkpoint and the tensors in them. */
export interface ReadShards {
  readonly files: readonly CheckpointFile[];
  readonly stored: readonly StoredTensor[];
  readonly findings: readonly string[];
}

/**
 * Reads the headers of all shards; with an index, of those that it names, and checks it against them.
 *
 * @param indexPath of the index; null when the folder has none.
 * @throws MalformedCheckpoint as `pickShards`, `parseIndex`, `checkIndex`, `readHeader`; `missing-weights`,
 * `duplicate-tensor`.
 */
export async function readShards(
  store: ObjectStore,
  listing: Parameters<typeof pickShards>[0],
  indexPath: string | null,
  signal?: AbortSignal,
): Promise<ReadShards> {
  const index =
    indexPath === null
      ? null
      : parseIndex(await readObject(store, indexPath, MAX_INDEX_BYTES, signal), `${store.uri}/${indexPath}`);
  if (index?.weightMap.size === 0) {
    throw new MalformedCheckpoint('missing-weights', 'the index names no tensor', { object: index.object });
  }
  const { shards, surplus } = index === null ? pickShards(listing, store.uri) : indexedShards(index, listing);
  const read = await readHeaders(store, shards, signal);
  const headers = new Map(read.map(({ file, header }) => [file.path, header]));
  for (const path of surplus) headers.set(path, { headerLength: 0, metadata: new Map(), tensors: [] });
  const findings =
    index === null
      ? surplus.map((path) => `surplus-shard: ${path} is not part of the checkpoint; it is not audited`)
      : checkIndex(index, headers).findings;
  const stored = read.flatMap(({ file, header }) =>
    header.tensors.map((tensor) => ({ ...tensor, file: file.path })),
  );
  requireDistinct(stored, store.uri);
  return { files: read.map(({ file }) => file), stored, findings };
}

/** Shards that the index names and that are there (the check reports the others), and top-level surplus files. */
function indexedShards(
  index: CheckpointIndex,
  listing: Parameters<typeof pickShards>[0],
): { readonly shards: readonly string[]; readonly surplus: readonly string[] } {
  const named = new Set(index.weightMap.values());
  const paths = listing.map(({ path }) => path);
  const surplus = paths.filter((path) => /^[^/]+\.safetensors$/.test(path) && !named.has(path));
  return { shards: paths.filter((path) => named.has(path)), surplus };
}

async function readHeaders(
  store: ObjectStore,
  shards: readonly string[],
  signal?: AbortSignal,
): Promise<readonly { readonly file: CheckpointFile; readonly header: SafetensorsHeader }[]> {
  const results: { file: CheckpointFile; header: SafetensorsHeader }[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < shards.length && !failed) {
      const at = next++;
      try {
        results[at] = await readShard(store, shards[at] ?? '', signal);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return results;
}

async function readShard(
  store: ObjectStore,
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly file: CheckpointFile; readonly header: SafetensorsHeader }> {
  const source = await store.open(path, signal);
  try {
    return { file: { path, size: source.size, etag: source.etag }, header: await readHeader(source, signal) };
  } finally {
    await source.close();
  }
}

function requireDistinct(stored: readonly StoredTensor[], object: string): void {
  const files = new Map<string, string>();
  for (const { name, file } of stored) {
    const other = files.get(name);
    if (other !== undefined) {
      throw new MalformedCheckpoint('duplicate-tensor', `tensor in two shards: ${other} and ${file}`, {
        object,
        tensor: name,
      });
    }
    files.set(name, file);
  }
}
