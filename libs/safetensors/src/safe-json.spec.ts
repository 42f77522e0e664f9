import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleOf } from './fixtures/rule-of.js';
import { CONFIG_JSON_LIMITS, safeJson, TOKENIZER_JSON_LIMITS } from './safe-json.js';

const LIMITS = { bytes: 100_000 };
const parse = (text: string, limits = LIMITS) => safeJson(Buffer.from(text), limits, 'config.json');

describe('safeJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Lone surrogates are legal for JSON.stringify and refused here.
        fc.pre(!/\\ud[89a-f]/i.test(text));
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with the platform on mutated text, but for what it refuses on purpose', () => {
    const alphabet = fc.constantFrom(...Array.from('{}[]",:\\u0123eE+-.tfn \n\t"ab'));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 24 }), (text) => {
        if (ruleOf(() => parse(text)) === 'accepted') expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    '',
    ' ',
    '{} {}',
    '[1,]',
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":1}',
    '{"__proto__":1,"__proto__":2}',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '1e999',
    'NaN',
    '-Infinity',
    'nul',
    '"\\ud800"',
    "'a'",
    '// comment\n1',
    '\ufeff1',
    '['.repeat(66) + ']'.repeat(66),
    '['.repeat(90_000),
    '{"a":'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(ruleOf(() => parse(text))).toBe('json');
  });

  it('refuses invalid UTF-8, too many bytes, values and containers', () => {
    expect(ruleOf(() => safeJson(Uint8Array.of(0x22, 0xff, 0x22), LIMITS, 'f'))).toBe('json');
    expect(ruleOf(() => safeJson(Buffer.from('[1,2,3]'), { bytes: 6 }, 'f'))).toBe('json');
    expect(ruleOf(() => safeJson(Buffer.from('[1,2,3]'), { bytes: 7, values: 3 }, 'f'))).toBe('json');
    expect(ruleOf(() => safeJson(Buffer.from('[[],{}]'), { bytes: 7, containers: 2 }, 'f'))).toBe('json');
    expect(safeJson(Buffer.from('[[],{}]'), { bytes: 7, containers: 3, values: 3 }, 'f')).toEqual([[], {}]);
  });

  it('takes 64 levels', () => {
    expect(ruleOf(() => parse('['.repeat(65) + ']'.repeat(65)))).toBe('accepted');
  });

  it('keeps __proto__ as a key and leaves prototypes alone', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect('polluted' in {}).toBe(false);
  });

  it('reads the infinities of Python in configs as texts', () => {
    const text = '{"time_step_limit":[0.0,Infinity],"a":-Infinity,"b":NaN}';
    expect(parse(text, CONFIG_JSON_LIMITS)).toEqual({
      time_step_limit: [0, 'Infinity'],
      a: '-Infinity',
      b: 'NaN',
    });
    expect(ruleOf(() => parse('-Infinit', CONFIG_JSON_LIMITS))).toBe('json');
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])('reads %s of the zoo', (name) => {
    const bytes = readFileSync(new URL(`../../../test/zoo/refs/llama-mini-s0/${name}`, import.meta.url));
    expect(safeJson(bytes, TOKENIZER_JSON_LIMITS, name)).toEqual(JSON.parse(bytes.toString('utf8')));
  });
});
