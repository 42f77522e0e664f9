import { describe, expect, it } from 'vitest';
import { ruleOf } from './fixtures/rule-of.js';
import { parseIndex } from './parse-index.js';

const parse = (text: string) => parseIndex(Buffer.from(text), 'index');

describe('parseIndex', () => {
  it('reads total size and weight map', () => {
    const index = parse(
      '{"metadata":{"total_size":12,"total_parameters":6},"weight_map":{"b":"x/2.safetensors","a":"1"}}\n',
    );
    expect(index.object).toBe('index');
    expect(index.totalSize).toBe(12);
    expect([...index.weightMap]).toEqual([
      ['b', 'x/2.safetensors'],
      ['a', '1'],
    ]);
  });

  it.each(['{"weight_map":{}}', '{"metadata":{},"weight_map":{}}', '{"metadata":null,"weight_map":{}}'])(
    'has no total size in %s',
    (text) => {
      expect(parse(text).totalSize).toBeNull();
    },
  );

  it('keeps names that an object would lose', () => {
    expect(parse('{"weight_map":{"__proto__":"a"}}').weightMap.get('__proto__')).toBe('a');
  });

  it.each([
    ['json', ''],
    ['json', '{"weight_map":{}'],
    ['json', '{"weight_map":{}}x'],
    ['index-fields', '{"metadata":{}}'],
    ['index-type', '[]'],
    ['index-type', '{"weight_map":[]}'],
    ['index-type', '{"weight_map":{"a":1}}'],
    ['index-type', '{"metadata":[],"weight_map":{}}'],
    ['index-type', '{"metadata":"x","weight_map":{}}'],
    ['index-type', '{"metadata":{"total_size":"1"},"weight_map":{}}'],
    ['duplicate-key', '{"weight_map":{},"weight_map":{}}'],
    ['duplicate-key', '{"weight_map":{"a":"1","\\u0061":"2"}}'],
    ['duplicate-key', '{"metadata":{"total_size":1,"total_size":2},"weight_map":{}}'],
    ['name-control-character', '{"weight_map":{"a\\n":"1"}}'],
    ['limits', `{"x":${'['.repeat(70)}${']'.repeat(70)},"weight_map":{}}`],
    ['accepted', '{"x":{"y":[1,"2",null,true]},"weight_map":{}}'],
  ])('%s: %s', (rule, text) => {
    expect(ruleOf(() => parse(text))).toBe(rule);
  });

  it.each(['', '/etc/passwd', '../a', 'a/../b', 's3://b/a', 'a\\b', 'a\u0000', 'x'.repeat(1025)])(
    'refuses the shard name %j',
    (shard) => {
      expect(ruleOf(() => parse(JSON.stringify({ weight_map: { a: shard } })))).toBe('shard-name');
    },
  );

  it('refuses more than 10,000 shards', () => {
    const mapOf = (count: number) =>
      JSON.stringify({
        weight_map: Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, `s${i}`])),
      });
    expect(ruleOf(() => parse(mapOf(10_000)))).toBe('accepted');
    expect(ruleOf(() => parse(mapOf(10_001)))).toBe('limits');
  });

  it('refuses more than 1,000,000 tensors', () => {
    const names = Array.from({ length: 1_000_001 }, (_, index) => `"t${index}":"s"`);
    expect(parse(`{"weight_map":{${names.slice(1).join(',')}}}`).weightMap.size).toBe(1_000_000);
    expect(ruleOf(() => parse(`{"weight_map":{${names.join(',')}}}`))).toBe('limits');
  });
});
