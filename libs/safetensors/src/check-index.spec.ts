import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkIndex } from './check-index.js';
import { ruleOf } from './fixtures/rule-of.js';
import type { SafetensorsHeader } from './header.js';
import { parseHeader } from './parse-header.js';
import { parseIndex } from './parse-index.js';

function headerOf(...names: string[]): SafetensorsHeader {
  const tensors = names.map((name, index) => ({
    name,
    dtype: 'U8' as const,
    shape: [4],
    begin: 10 + 4 * index,
    end: 14 + 4 * index,
  }));
  return { headerLength: 2, metadata: new Map(), tensors };
}

function check(
  weightMap: Record<string, string>,
  shards: Record<string, SafetensorsHeader>,
  totalSize?: number,
) {
  const text = JSON.stringify({ metadata: { total_size: totalSize }, weight_map: weightMap });
  return checkIndex(parseIndex(Buffer.from(text), 'index'), new Map(Object.entries(shards)));
}

describe('checkIndex', () => {
  it('finds nothing where index and headers agree', () => {
    const shards = { s1: headerOf('a', 'b'), s2: headerOf('c') };
    expect(check({ a: 's1', b: 's1', c: 's2' }, shards, 12)).toEqual({ findings: [] });
    expect(check({ a: 's1', b: 's1', c: 's2' }, shards)).toEqual({ findings: [] });
  });

  it.each([
    ['missing-shard', { a: 's1', b: 's2' }, { s1: headerOf('a') }],
    ['missing-tensor', { a: 's1', b: 's1' }, { s1: headerOf('a') }],
    ['missing-tensor', { a: 's2', b: 's1' }, { s1: headerOf('a'), s2: headerOf('b') }],
    ['surplus-tensor', { a: 's1' }, { s1: headerOf('a', 'b') }],
    ['duplicate-tensor', { a: 's1', b: 's2' }, { s1: headerOf('a'), s2: headerOf('a', 'b') }],
  ] as const)('refuses a %s', (rule, weightMap, shards) => {
    expect(ruleOf(() => check(weightMap, shards))).toBe(rule);
  });

  it('says where a tensor lies instead', () => {
    const shards = { s1: headerOf('a'), s2: headerOf('b') };
    expect(() => check({ a: 's2', b: 's1' }, shards)).toThrow(
      'index names an absent tensor: it lies in s1 (object index, tensor "a", value "s2")',
    );
  });

  it('reports surplus shards, even with tensors of the same names, and a wrong total', () => {
    const consolidated = headerOf('a');
    const { findings } = check(
      { a: 's1' },
      { 'consolidated.safetensors': consolidated, s1: headerOf('a') },
      5,
    );
    expect(findings).toEqual([
      'surplus-shard: the index does not name 1 of the shard files (consolidated.safetensors); they are not audited',
      'total-size: the index claims 5 bytes, its shards hold 4',
    ]);
  });

  it('passes every index of the zoo', () => {
    const zoo = new URL('../../../test/zoo/', import.meta.url);
    const indexes = readdirSync(zoo, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.index.json'),
    );
    expect(indexes.length).toBeGreaterThan(3);
    for (const path of indexes) {
      const folder = new URL('./', new URL(path, zoo));
      const shards = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
      const headers = shards.map((name) => {
        const file = readFileSync(new URL(name, folder));
        return [name, parseHeader(file, file.length, name)] as const;
      });
      const index = parseIndex(readFileSync(new URL(path, zoo)), path);
      expect(checkIndex(index, new Map(headers)), path).toEqual({ findings: [] });
    }
  });
});
