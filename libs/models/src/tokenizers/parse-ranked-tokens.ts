import { MalformedCheckpoint, type Json, type Vocabulary } from '@jokbo/contracts';
import { isObject } from '../config/config-field.js';
import { buildVocabulary, TOKEN_LIMIT, tokenId } from './build-vocabulary.js';

/** Base64 without line breaks. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const RANK = /^\d{1,9}$/;

/**
 * Reads a tiktoken file: lines of base64 bytes and rank; the rank is the id.
 *
 * @throws MalformedCheckpoint `tokenizer`.
 */
export function parseTiktoken(text: string, object: string): Vocabulary {
  const normal = new Map<number, Uint8Array>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [token = '', rank = '', ...rest] = line.trim().split(' ');
    if (!BASE64.test(token) || !RANK.test(rank) || rest.length > 0 || normal.size === TOKEN_LIMIT) {
      throw new MalformedCheckpoint('tokenizer', 'a line is not base64 and rank', {
        object,
        value: line.slice(0, 80),
      });
    }
    normal.set(Number(rank), Buffer.from(token, 'base64'));
  }
  return buildVocabulary({ normal, byte: new Map(), size: normal.size });
}

/**
 * Reads a parsed `tekken.json`: ids follow the special tokens, whose number the config states.
 *
 * @throws MalformedCheckpoint `tokenizer`.
 */
export function parseTekken(json: Json, object: string): Vocabulary {
  const config = isObject(json) ? json['config'] : undefined;
  const vocab = isObject(json) ? json['vocab'] : undefined;
  if (config === undefined || !isObject(config) || !Array.isArray(vocab) || vocab.length > TOKEN_LIMIT) {
    throw new MalformedCheckpoint('tokenizer', 'not a tekken vocabulary', { object });
  }
  const specials = tokenId(config['default_num_special_tokens'], object);
  const size = tokenId(config['default_vocab_size'], object);
  const normal = new Map<number, Uint8Array>();
  for (const token of vocab as readonly Json[]) {
    const bytes = isObject(token) ? token['token_bytes'] : undefined;
    if (!isObject(token) || typeof bytes !== 'string' || !BASE64.test(bytes)) {
      throw new MalformedCheckpoint('tokenizer', 'an entry has no base64 bytes', { object });
    }
    const id = tokenId(token['rank'], object) + specials;
    if (id < size) normal.set(id, Buffer.from(bytes, 'base64'));
  }
  return buildVocabulary({ normal, byte: new Map(), size });
}
