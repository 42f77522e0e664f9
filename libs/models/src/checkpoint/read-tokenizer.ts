import { MalformedCheckpoint, type ObjectInfo, type ObjectStore, type Vocabulary } from '@jokbo/contracts';
import { safeJson, TOKENIZER_JSON_LIMITS } from '@jokbo/safetensors';
import { readObject } from '@jokbo/storage';
import { parseTekken, parseTiktoken } from '../tokenizers/parse-ranked-tokens.js';
import { parseTokenizer } from '../tokenizers/parse-tokenizer.js';
import { topLevel } from './pick-shards.js';

/** Where a vocabulary came from, or why there is none. */
export interface ReadTokenizer {
  readonly tokenizer: Vocabulary | null;
  readonly findings: readonly string[];
}

/**
 * Reads the tokenizer of a folder: `tokenizer.json`, else `tekken.json`, else a tiktoken file. A SentencePiece model
 * alone is a finding, not an error.
 *
 * @throws MalformedCheckpoint `json`, `tokenizer`, `too-large`.
 */
export async function readTokenizer(
  store: ObjectStore,
  listing: readonly ObjectInfo[],
  signal?: AbortSignal,
): Promise<ReadTokenizer> {
  const names = topLevel(listing);
  const read = (path: string): Promise<Uint8Array> =>
    readObject(store, path, TOKENIZER_JSON_LIMITS.bytes, signal);
  const found = (tokenizer: Vocabulary): ReadTokenizer => ({ tokenizer, findings: [] });
  for (const [path, parse] of [
    ['tokenizer.json', parseTokenizer],
    ['tekken.json', parseTekken],
  ] as const) {
    if (!names.includes(path)) continue;
    const object = `${store.uri}/${path}`;
    return found(parse(safeJson(await read(path), TOKENIZER_JSON_LIMITS, object), object));
  }
  const ranked =
    names.find((path) => path.endsWith('.tiktoken')) ?? names.find((path) => path === 'tiktoken.model');
  if (ranked !== undefined) {
    const object = `${store.uri}/${ranked}`;
    return found(parseTiktoken(decodeText(await read(ranked), object), object));
  }
  const unread = names.find(
    (path) => path.endsWith('.model') || path === 'vocab.txt' || path === 'vocab.json',
  );
  return {
    tokenizer: null,
    findings: unread === undefined ? [] : [`tokenizer-not-read: the format of ${unread} is not read`],
  };
}

function decodeText(bytes: Uint8Array, object: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedCheckpoint('tokenizer', 'not UTF-8', { object, cause });
  }
}
