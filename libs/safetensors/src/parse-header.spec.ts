import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adversarialCases } from './fixtures/adversarial-cases.js';
import { fileOf } from './fixtures/header-bytes.js';
import { ruleOf } from './fixtures/rule-of.js';
import { parseHeader } from './parse-header.js';

const CASES = adversarialCases();
const ZOO = new URL('../../../test/zoo/', import.meta.url);

function parse(file: Uint8Array) {
  return parseHeader(file, file.length, 'file');
}

describe('parseHeader on the adversarial files', () => {
  it('has all 60, unaltered', () => {
    expect(CASES).toHaveLength(60);
    for (const { base64, sha256 } of CASES) {
      expect(createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')).toBe(sha256);
    }
  });

  it.each(CASES.filter(({ project }) => project === 'accept'))('accepts $id', ({ base64, reference }) => {
    const header = parse(Buffer.from(base64, 'base64'));
    const tensors = header.tensors.map(({ name, dtype, shape, begin, end }) => ({
      name,
      dtype,
      shape,
      bytes: end - begin,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(tensors.sort(byName)).toEqual([...(reference.tensors ?? [])].sort(byName));
    expect(Object.fromEntries(header.metadata)).toEqual(reference.metadata ?? {});
  });

  it.each(CASES.filter(({ project }) => project === 'reject'))(
    'refuses $id by rule $rule',
    ({ base64, rule }) => {
      expect(ruleOf(() => parse(Buffer.from(base64, 'base64')))).toBe(rule);
    },
  );
});

describe('parseHeader', () => {
  it('gives absolute offsets in the order of the bytes', () => {
    const text =
      '{"b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]},"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}';
    const header = parse(fileOf(text, 5));
    const start = 8 + text.length;
    expect(header.headerLength).toBe(text.length);
    expect(header.tensors).toEqual([
      { name: 'a', dtype: 'BF16', shape: [], begin: start, end: start + 2 },
      { name: 'b', dtype: 'U8', shape: [3], begin: start + 2, end: start + 5 },
    ]);
  });

  it('undoes escapes in names and metadata', () => {
    const text = String.raw`{"\u00e9\ud83d\ude00\/\"한":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"__metadat\u0061__":{"k\n":"\t"}}`;
    const header = parse(fileOf(text));
    expect(header.tensors.map(({ name }) => name)).toEqual(['é😀/"한']);
    expect([...header.metadata]).toEqual([['k\n', '\t']]);
  });

  it.each([
    ['json', '{"a":{"dtype":"U8","shape":[0,],"data_offsets":[0,0]}}'],
    ['json', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}'],
    ['json', '{"a":{"dtype":"U8","shape":[0] "data_offsets":[0,0]}}'],
    ['json', '{"a'],
    ['json', '{"a\\'],
    ['json', '{"a\\x":1}'],
    ['json', '{"a\\u00g0":1}'],
    ['json', '{"a\tb":1}'],
    ['json', '{"\\n\t":1}'],
    ['json', '{ '],
    ['unicode', '{"\\udc00":1}'],
    ['unicode', '{"\\ud800\\u0041":1}'],
    ['entry-type', '{"a":null}'],
    ['entry-type', '{"a":{"dtype":1,"shape":[0],"data_offsets":[0,0]}}'],
    ['entry-type', '{"a":{"dtype":"U8","shape":[null],"data_offsets":[0,0]}}'],
    ['entry-type', '{"a":{"dtype":"U8","shape":[[0]],"data_offsets":[0,0]}}'],
    ['entry-fields', '{"a":{"dtype":"U8","shape":[0]}}'],
    ['duplicate-key', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"sh\\u0061pe":[0]}}'],
    ['integer', '{"a":{"dtype":"U8","shape":[0,9007199254740992],"data_offsets":[0,0]}}'],
    ['coverage', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,9007199254740991]}}'],
    ['limits', `{"a":{"dtype":"U8","shape":[${'1,'.repeat(64)}1],"data_offsets":[0,1]}}`],
    ['limits', `{"${'a'.repeat(4097)}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`],
    ['accepted', '{"a":{"dtype":"U8","shape":[0,9007199254740991],"data_offsets":[0,0]}}'],
    ['accepted', '{ "a"\n:\t{"dtype":"U8","shape":[ 0 ],"data_offsets":[0,0]}\r}'],
    [
      'accepted',
      '{"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
    ],
  ])('%s: %s', (rule, text) => {
    expect(ruleOf(() => parse(fileOf(text)))).toBe(rule);
  });

  it('refuses begin > end and a hole behind an empty tensor', () => {
    const entry = (begin: number, end: number) =>
      `{"a":{"dtype":"U8","shape":[0],"data_offsets":[${begin},${end}]}}`;
    expect(ruleOf(() => parse(fileOf(entry(0, 0), 4)))).toBe('coverage');
    expect(ruleOf(() => parse(fileOf(entry(4, 0), 4)))).toBe('coverage');
  });

  it('refuses fewer bytes than the header has', () => {
    const file = fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1);
    expect(ruleOf(() => parseHeader(file.subarray(0, 20), file.length, 'file'))).toBe('truncated');
  });

  it('names object and tensor, and keeps hostile text short', () => {
    const file = fileOf(`{"w":{"dtype":"${'X'.repeat(100_000)}"}}`);
    expect(() => parse(file)).toThrow(/object file, tensor "w", value "X{80}"/);
  });

  it('reads shared memory at any alignment', () => {
    const file = fileOf('{"é":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1);
    const shared = new Uint8Array(new SharedArrayBuffer(file.length + 3), 3);
    shared.set(file);
    expect(parse(shared)).toEqual(parse(file));
  });
});

describe('parseHeader on the model zoo', () => {
  const files = readdirSync(ZOO, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.safetensors'))
    .sort();

  it('finds shards', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  it.each(files)('%s', (path) => {
    const file = readFileSync(new URL(path, ZOO));
    const header = parse(file);
    // An honest file: the plain parser of the platform agrees.
    const text = file.toString('utf8', 8, 8 + header.headerLength);
    const plain = new Map(Object.entries(JSON.parse(text) as Record<string, { shape: number[] }>));
    plain.delete('__metadata__');
    expect(header.tensors.length).toBe(plain.size);
    for (const { name, shape } of header.tensors) expect(shape).toEqual(plain.get(name)?.shape);
  });
});

describe('parseHeader under mutation', () => {
  const seeds = CASES.map(({ base64 }) => new Uint8Array(Buffer.from(base64, 'base64')));
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('truncate' as const), at: fc.nat(600) }),
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(600), bit: fc.nat(7) }),
    fc.record({
      kind: fc.constant('splice' as const),
      at: fc.nat(600),
      remove: fc.nat(8),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc
          .constantFrom(
            '"',
            '\\',
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '\\u',
            '\\ud800',
            '-',
            '1e9',
            '9999999999999999999',
          )
          .map((text) => new Uint8Array(Buffer.from(text))),
      ),
    }),
  );

  function mutate(
    bytes: Uint8Array,
    change: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
  ): Uint8Array {
    const at = bytes.length === 0 ? 0 : change.at % bytes.length;
    if (change.kind === 'truncate') return bytes.slice(0, at);
    if (change.kind === 'flip')
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << change.bit) : byte));
    return new Uint8Array([
      ...bytes.subarray(0, at),
      ...change.insert,
      ...bytes.subarray(at + change.remove),
    ]);
  }

  /** Sets N to the distance of the last brace, so that mutations of the text reach the tokenizer. */
  function repairLength(bytes: Uint8Array): Uint8Array {
    const close = bytes.lastIndexOf(0x7d);
    if (close < 8) return bytes;
    const repaired = bytes.slice();
    new DataView(repaired.buffer).setBigUint64(0, BigInt(close + 1 - 8), true);
    return repaired;
  }

  it('throws MalformedCheckpoint or gives tensors that fill the file', () => {
    const changes = fc.array(mutation, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), changes, fc.boolean(), (seed, list, repair) => {
        const changed = list.reduce(mutate, seed);
        const file = repair ? repairLength(changed) : changed;
        if (ruleOf(() => parse(file)) !== 'accepted') return;
        const header = parse(file);
        const payload = header.tensors.reduce((sum, { begin, end }) => sum + end - begin, 0);
        expect(8 + header.headerLength + payload).toBe(file.length);
      }),
      { numRuns: 20_000 },
    );
  });

  it('never accepts what the platform parser refuses', () => {
    const changes = fc.array(mutation, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), changes, (seed, list) => {
        const file = repairLength(list.reduce(mutate, seed));
        if (ruleOf(() => parse(file)) !== 'accepted') return;
        const end = 8 + parse(file).headerLength;
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.subarray(8, end));
        expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
  });
});
