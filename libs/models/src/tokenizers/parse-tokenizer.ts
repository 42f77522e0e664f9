import { MalformedCheckpoint, type Json, type Vocabulary } from '@jokbo/contracts';
import { isObject, type ConfigObject } from '../config/config-field.js';
import { buildVocabulary, isPlainToken, TOKEN_LIMIT, tokenId } from './build-vocabulary.js';
import { byteAlphabet, invertByteLevel } from './byte-alphabet.js';

const BYTE_PIECE = /^<0x([0-9A-F]{2})>$/;

/** How the text of a token stands for bytes. */
type Spelling = 'byte-level' | 'word-piece' | 'metaspace';

/**
 * Canonicalises a parsed `tokenizer.json` to raw bytes, so that the tokens of different tokenizers can be joined.
 * The kind comes from `decoder` and `pre_tokenizer`, not from names. Byte-level: the alphabet is inverted, tokens
 * outside it are dropped. Metaspace: U+2581 is a space, `<0xNN>` a byte. WordPiece: `##` continues a word, other
 * pieces begin with a space. Added and reserved tokens are left out. Nothing of the file is run: neither its
 * regular expressions nor its templates.
 *
 * @throws MalformedCheckpoint `tokenizer` when the vocabulary is absent, misshapen, or too large.
 */
export function parseTokenizer(json: Json, object = 'tokenizer.json'): Vocabulary {
  if (!isObject(json)) throw malformed('not an object', object);
  const model = json['model'];
  if (model === undefined || !isObject(model)) throw malformed('model is missing', object);
  const entries = vocabularyEntries(model, object);
  const added = addedTokens(json['added_tokens'], object);
  const unknown = typeof model['unk_token'] === 'string' ? model['unk_token'] : null;
  const unknownId = typeof model['unk_id'] === 'number' ? model['unk_id'] : null;
  const spelling = spellingOf(json, model);
  const alphabet = byteAlphabet();
  const normal = new Map<number, Uint8Array>();
  const byte = new Map<number, number>();
  const ids = new Set<number>(added.values());
  for (const [token, id] of entries) {
    ids.add(id);
    if (added.has(token) || token === unknown || id === unknownId || !isPlainToken(token)) continue;
    const piece = spelling === 'metaspace' ? BYTE_PIECE.exec(token)?.[1] : undefined;
    if (piece !== undefined) {
      byte.set(id, Number.parseInt(piece, 16));
      continue;
    }
    const bytes = spelling === 'byte-level' ? invertByteLevel(token, alphabet) : textBytes(token, spelling);
    if (bytes !== null) normal.set(id, bytes);
  }
  return buildVocabulary({ normal, byte, size: ids.size });
}

/** `vocab` as an object (BPE, WordPiece, WordLevel) or as a list of [piece, score] (Unigram: the id is the index). */
function vocabularyEntries(model: ConfigObject, object: string): readonly (readonly [string, number])[] {
  const vocab = model['vocab'];
  if (vocab === undefined || typeof vocab !== 'object' || vocab === null) {
    throw malformed('model.vocab is missing', object);
  }
  if (isObject(vocab)) {
    const entries = Object.entries(vocab);
    if (entries.length > TOKEN_LIMIT) throw malformed(`more than ${TOKEN_LIMIT} tokens`, object);
    return entries.map(([token, id]) => [token, tokenId(id, object)]);
  }
  const pieces = vocab;
  if (pieces.length > TOKEN_LIMIT) throw malformed(`more than ${TOKEN_LIMIT} tokens`, object);
  return pieces.map((piece, id) => {
    const [token] = Array.isArray(piece) ? (piece as readonly Json[]) : [];
    if (typeof token !== 'string') throw malformed(`vocab entry ${id} has no piece`, object);
    return [token, id];
  });
}

function addedTokens(added: Json | undefined, object: string): ReadonlyMap<string, number> {
  const tokens = new Map<string, number>();
  if (added === undefined || added === null) return tokens;
  if (!Array.isArray(added)) throw malformed('added_tokens is not a list', object);
  for (const token of added as readonly Json[]) {
    const content = isObject(token) ? token['content'] : undefined;
    if (!isObject(token) || typeof content !== 'string')
      throw malformed('an added token has no content', object);
    tokens.set(content, tokenId(token['id'], object));
  }
  return tokens;
}

function spellingOf(json: ConfigObject, model: ConfigObject): Spelling {
  if (hasType(json['decoder'], 'ByteLevel') || hasType(json['pre_tokenizer'], 'ByteLevel'))
    return 'byte-level';
  return model['type'] === 'WordPiece' ? 'word-piece' : 'metaspace';
}

/** Whether a component or one of a sequence has that type; depth is bounded by the JSON reader. */
function hasType(component: Json | undefined, type: string): boolean {
  if (component === undefined || component === null || typeof component !== 'object') return false;
  if (!isObject(component)) return component.some((part) => hasType(part, type));
  if (component['type'] === type) return true;
  return ['decoders', 'pretokenizers'].some((key) => hasType(component[key], type));
}

function textBytes(token: string, spelling: 'word-piece' | 'metaspace'): Uint8Array {
  if (spelling === 'metaspace') return Buffer.from(token.replaceAll('\u2581', ' '), 'utf8');
  return Buffer.from(token.startsWith('##') ? token.slice(2) : ` ${token}`, 'utf8');
}

function malformed(message: string, object: string): MalformedCheckpoint {
  return new MalformedCheckpoint('tokenizer', message, { object });
}
