import { createHash } from 'node:crypto';
import { MalformedCheckpoint, type Vocabulary } from '@jokbo/contracts';

/** Most entries of a tokenizer; the largest public ones have about 262,000. */
export const TOKEN_LIMIT = 2_000_000;

/** Longest token in UTF-16 units; tokens of long white space reach a few hundred. */
const TOKEN_LENGTH_LIMIT = 100_000;

/** Characters that are digested at a time: a call per token takes longer than its digest. */
const DIGEST_LENGTH = 65_536;

/** Tokens kept free for later use: never trained, and named alike in unrelated tokenizers. */
const RESERVED = /^<[|｜]?(?:reserved|unused|extra|dummy)[\w▁ -]*[|｜]?>$|^\[(?:unused|reserved)_?\d+\]$/i;

/** Whether a token stands for text: not reserved, not absurdly long. */
export function isPlainToken(text: string): boolean {
  return text.length > 0 && text.length <= TOKEN_LENGTH_LIMIT && !RESERVED.test(text);
}

/** A token id as written in a tokenizer file. */
export function tokenId(value: unknown, object: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= 2 ** 31) {
    throw new MalformedCheckpoint('tokenizer', 'a token id is not a whole number below 2^31', {
      object,
      value: String(value).slice(0, 80),
    });
  }
  return value;
}

/** The entries of a tokenizer: pieces by id, and pieces that stand for one raw byte. */
export interface TokenBytes {
  readonly normal: ReadonlyMap<number, Uint8Array>;
  /** A byte piece counts only where no normal piece has the same bytes. */
  readonly byte: ReadonlyMap<number, number>;
  /** Entries with special tokens. */
  readonly size: number;
}

/** The vocabulary over raw bytes; where two ids have the same bytes, the lower one stands for them. */
export function buildVocabulary({ normal, byte, size }: TokenBytes): Vocabulary {
  const idOf = new Map<string, number>();
  for (const [id, bytes] of byId(normal)) claim(idOf, hexOf(bytes), id);
  for (const [id, value] of byId(byte)) claim(idOf, value.toString(16).padStart(2, '0'), id);
  const entries = [...idOf].map(([hex, id]) => [id, hex] as const).sort(([a], [b]) => a - b);
  const digest = createHash('sha256');
  let text = '';
  for (const [id, hex] of entries) {
    text += `${id} ${hex}\n`;
    if (text.length < DIGEST_LENGTH) continue;
    digest.update(text);
    text = '';
  }
  digest.update(text);
  return { size, bytesById: new Map(entries), digest: digest.digest('hex') };
}

function byId<T>(pieces: ReadonlyMap<number, T>): (readonly [number, T])[] {
  return [...pieces].sort(([a], [b]) => a - b);
}

function hexOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}

function claim(idOf: Map<string, number>, hex: string, id: number): void {
  if (!idOf.has(hex)) idOf.set(hex, id);
}
