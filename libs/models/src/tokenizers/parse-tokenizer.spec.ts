import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JokboError, type Json, type Vocabulary } from '@jokbo/contracts';
import { byteAlphabet, invertByteLevel } from './byte-alphabet.js';
import { parseTekken, parseTiktoken } from './parse-ranked-tokens.js';
import { parseTokenizer } from './parse-tokenizer.js';

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');

/** Bytes by id as text. */
function texts({ bytesById }: Vocabulary): Record<number, string> {
  return Object.fromEntries(
    [...bytesById].map(([id, bytes]) => [id, Buffer.from(bytes, 'hex').toString('utf8')]),
  );
}

const METASPACE = { type: 'Sequence', decoders: [{ type: 'Replace' }, { type: 'ByteFallback' }] };

describe('parseTokenizer', () => {
  it('inverts the byte-level alphabet and drops added, reserved and foreign tokens', () => {
    const vocabulary = parseTokenizer({
      added_tokens: [
        { id: 0, content: '<|end|>' },
        { id: 9, content: '<|new|>' },
      ],
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', vocab: { '<|end|>': 0, Ġthe: 1, íķľ: 2, Ċ: 3, '<|reserved_5|>': 4, 한: 5 } },
    });
    expect(texts(vocabulary)).toEqual({ 1: ' the', 2: '한', 3: '\n' });
    expect(vocabulary.size).toBe(7);
  });

  it('finds ByteLevel inside a sequence of pre-tokenizers', () => {
    const vocabulary = parseTokenizer({
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split' }, { type: 'ByteLevel' }] },
      model: { vocab: { Ġa: 0 } },
    });
    expect(texts(vocabulary)).toEqual({ 0: ' a' });
  });

  it('reads metaspace and byte pieces; a normal piece wins over a byte piece', () => {
    const vocabulary = parseTokenizer({
      decoder: METASPACE,
      model: {
        type: 'BPE',
        unk_token: '<unk>',
        vocab: { '<unk>': 0, '<0x21>': 1, '<0x22>': 2, '!': 3, '▁the': 4, '<0x2g>': 5 },
      },
    });
    expect(texts(vocabulary)).toEqual({ 2: '"', 3: '!', 4: ' the', 5: '<0x2g>' });
  });

  it('reads Unigram lists and WordPiece', () => {
    const unigram = parseTokenizer({
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['<unk>', 0],
          ['▁a', -1.5],
          ['b', -2],
        ],
      },
    });
    expect(texts(unigram)).toEqual({ 1: ' a', 2: 'b' });
    const wordPiece = parseTokenizer({
      model: { type: 'WordPiece', unk_token: '[UNK]', vocab: { '[UNK]': 0, play: 1, '##ing': 2 } },
    });
    expect(texts(wordPiece)).toEqual({ 1: ' play', 2: 'ing' });
  });

  it('gives equal vocabularies equal digests, in whatever order they are written', () => {
    const one = parseTokenizer({ model: { vocab: { a: 0, b: 1 } } });
    const two = parseTokenizer({ model: { vocab: { b: 1, a: 0 } } });
    const three = parseTokenizer({ model: { vocab: { b: 0, a: 1 } } });
    expect(one.digest).toBe(two.digest);
    expect(one.digest).not.toBe(three.digest);
    expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the lower of two ids with the same bytes', () => {
    expect(texts(parseTokenizer({ model: { vocab: { '▁x': 7, ' x': 3 } } }))).toEqual({ 3: ' x' });
  });

  it.each([
    ['no object', []],
    ['no model', {}],
    ['no vocab', { model: {} }],
    ['a vocab that is a number', { model: { vocab: 3 } }],
    ['an id that is text', { model: { vocab: { a: '0' } } }],
    ['a negative id', { model: { vocab: { a: -1 } } }],
    ['a piece without text', { model: { vocab: [[1, 2]] } }],
    ['added tokens that are no list', { model: { vocab: {} }, added_tokens: {} }],
    ['an added token without content', { model: { vocab: {} }, added_tokens: [{ id: 1 }] }],
  ] satisfies [string, Json][])('refuses %s', (_, json) => {
    expect(() => parseTokenizer(json)).toThrow(expect.objectContaining({ rule: 'tokenizer' }));
  });

  it('turns any JSON into a vocabulary or a typed error', () => {
    const model = fc.record({
      vocab: fc.oneof(fc.dictionary(fc.string(), fc.nat()), fc.jsonValue()),
      type: fc.jsonValue(),
    });
    const json = fc.record({ model, added_tokens: fc.jsonValue(), decoder: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(json, fc.jsonValue()), (value) => {
        try {
          parseTokenizer(value as Json);
        } catch (error) {
          expect(error).toBeInstanceOf(JokboError);
        }
      }),
    );
  });
});

describe('byteAlphabet', () => {
  it('is a bijection with all 256 bytes', () => {
    const alphabet = byteAlphabet();
    expect(alphabet.size).toBe(256);
    expect(new Set(alphabet.values()).size).toBe(256);
    expect([alphabet.get('Ġ'), alphabet.get('Ċ'), alphabet.get('A')]).toEqual([32, 10, 65]);
  });

  it('inverts any bytes', () => {
    const alphabet = byteAlphabet();
    const characterOf = new Map([...alphabet].map(([character, byte]) => [byte, character]));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const token = [...bytes].map((byte) => characterOf.get(byte)).join('');
        expect(invertByteLevel(token, alphabet)).toEqual(bytes);
      }),
    );
  });
});

describe('ranked tokens', () => {
  it('reads tiktoken lines', () => {
    expect(texts(parseTiktoken('IQ== 0\nIHRoZQ== 5\n\n', 'x'))).toEqual({ 0: '!', 5: ' the' });
    for (const text of ['IQ==', '! 0', 'IQ== x', 'IQ== 0 1']) {
      expect(() => parseTiktoken(text, 'x')).toThrow(expect.objectContaining({ rule: 'tokenizer' }));
    }
  });

  it('reads tekken: ids follow the special tokens and end with the vocabulary', () => {
    const config = { default_num_special_tokens: 1000, default_vocab_size: 1002 };
    const vocab = ['!', '"', '#'].map((text, rank) => ({
      rank,
      token_bytes: Buffer.from(text).toString('base64'),
    }));
    const vocabulary = parseTekken({ config, vocab }, 'x');
    expect([...vocabulary.bytesById]).toEqual([
      [1000, hex('!')],
      [1001, hex('"')],
    ]);
    expect(() => parseTekken({ config, vocab: [{}] }, 'x')).toThrow(
      expect.objectContaining({ rule: 'tokenizer' }),
    );
    expect(() => parseTekken({ vocab }, 'x')).toThrow(expect.objectContaining({ rule: 'tokenizer' }));
  });
});
