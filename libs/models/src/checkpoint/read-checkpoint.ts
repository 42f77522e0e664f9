import {
  MalformedCheckpoint,
  UsageError,
  type Checkpoint,
  type ObjectInfo,
  type ObjectStore,
} from '@jokbo/contracts';
import { CONFIG_JSON_LIMITS, safeJson } from '@jokbo/safetensors';
import { openStore, readObject } from '@jokbo/storage';
import { parseConfig } from '../config/parse-config.js';
import { mapCheckpoint } from '../tensors/map-checkpoint.js';
import { pickIndex, topLevel } from './pick-shards.js';
import { readShards } from './read-shards.js';
import { readTokenizer, type ReadTokenizer } from './read-tokenizer.js';

/** A training checkpoint below its release: `…/checkpoints/<step>`. */
const TRAINING_CHECKPOINT = /\/checkpoints\/[^/]+\/?$/;

/**
 * Reads a checkpoint without its weights: listing, config, index, headers, tokenizer; and maps it. A training
 * checkpoint without tokenizer takes that of its release, two folders up. `files` holds the shards, in path order.
 *
 * @param store of the checkpoint's folder.
 * @param uri of the checkpoint, for errors and for finding the release of a training checkpoint.
 * @param openRelease opens the release's folder; the default reads credentials from the environment.
 * @throws UsageError when the folder is empty.
 * @throws MalformedCheckpoint `missing-config`, and as `parseConfig`, `readShards`, `readTokenizer`, `mapCheckpoint`.
 * @throws UnsupportedArchitecture when less than half of the parameters could be mapped.
 */
export async function readCheckpoint(
  store: ObjectStore,
  uri: string,
  signal?: AbortSignal,
  openRelease: (uri: string) => ObjectStore = openStore,
): Promise<Checkpoint> {
  const listing = await store.list('', signal);
  if (listing.length === 0) throw new UsageError('there is no checkpoint', { object: uri });
  if (!topLevel(listing).includes('config.json')) {
    throw new MalformedCheckpoint('missing-config', 'config.json is absent', {
      object: `${uri}/config.json`,
    });
  }
  const object = `${uri}/config.json`;
  const bytes = await readObject(store, 'config.json', CONFIG_JSON_LIMITS.bytes, signal);
  const config = parseConfig(safeJson(bytes, CONFIG_JSON_LIMITS, object), object);
  const shards = await readShards(store, listing, pickIndex(listing, uri), signal);
  const own = await readTokenizer(store, listing, signal);
  const inherited = own.tokenizer === null ? await releaseTokenizer(uri, openRelease, signal) : null;
  const tokenizer = inherited?.tokenizer ?? own.tokenizer;
  const absent =
    tokenizer === null && own.findings.length === 0 ? ['tokenizer-absent: no tokenizer is stored'] : [];
  return mapCheckpoint({
    uri,
    config,
    files: shards.files,
    stored: shards.stored,
    tokenizer,
    findings: [...shards.findings, ...own.findings, ...absent],
  });
}

async function releaseTokenizer(
  uri: string,
  openRelease: (uri: string) => ObjectStore,
  signal?: AbortSignal,
): Promise<ReadTokenizer | null> {
  if (!TRAINING_CHECKPOINT.test(uri)) return null;
  const release = openRelease(uri.replace(TRAINING_CHECKPOINT, ''));
  try {
    const listing = await release.list('', signal);
    return await readTokenizer(release, ownFiles(listing), signal);
  } finally {
    await release.close();
  }
}

/** Files of the release itself, not those of its checkpoints. */
function ownFiles(listing: readonly ObjectInfo[]): readonly ObjectInfo[] {
  return listing.filter(({ path }) => !path.includes('/'));
}
