import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { malformed, type SpoiltCheckpoint } from '../checkpoint-case.js';
import { FIRST_SHARD, INDEX, SECOND_SHARD, weightMap, type ModelFolder } from '../model-folder.js';

const HEAD = 'lm_head.weight';

/** Indexes that are not an index. */
const UNREADABLE: readonly SpoiltCheckpoint[] = (
  [
    ['empty', 'json', ''],
    ['cut off', 'json', '{"metadata": {"total_size": 96'],
    ['behind a BOM', 'json', '\uFEFF{"weight_map":{}}'],
    ['an HTML page', 'json', '<!doctype html><title>Sign in</title>'],
    ['an LFS pointer', 'json', 'version https://git-lfs.github.com/spec/v1\n'],
    ['two documents', 'json', '{"weight_map":{}} {"weight_map":{}}'],
    ['a list', 'index-type', '[]'],
    ['without a weight map', 'index-fields', '{"metadata":{}}'],
    ['with a list as weight map', 'index-type', '{"weight_map":["a"]}'],
    ['with a number as shard', 'index-type', '{"weight_map":{"a":1}}'],
    ['with a text as total size', 'index-type', '{"metadata":{"total_size":"9"},"weight_map":{}}'],
    ['with a tensor twice', 'duplicate-key', '{"weight_map":{"a":"x","\\u0061":"y"}}'],
    ['nested deep', 'limits', `{"weight_map":{},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['of 10,001 shards', 'limits', JSON.stringify({ weight_map: shards(10_001) })],
  ] as const
).map(([what, rule, content]) => [
  `an index ${what}`,
  rule,
  [INDEX],
  ({ write }: ModelFolder) => write(INDEX, content),
]);

/** Shard names that lead elsewhere. */
const UNSAFE: readonly SpoiltCheckpoint[] = [
  '../model-00001-of-00002.safetensors',
  '/etc/passwd',
  'a/../../b.safetensors',
  's3://bucket/a.safetensors',
  'a\\b.safetensors',
  '',
].map((shard) => [
  `the shard name ${JSON.stringify(shard)}`,
  'shard-name',
  [INDEX, `tensor "${HEAD}"`, `value ${JSON.stringify(shard)}`],
  entry(HEAD, shard),
]);

/** Indexes that contradict the headers. */
const CONTRADICTING: readonly SpoiltCheckpoint[] = [
  [
    'an index that names an absent shard',
    'missing-shard',
    [INDEX, 'gone.safetensors'],
    entry(HEAD, 'gone.safetensors'),
  ],
  [
    'an index that names an absent tensor',
    'missing-tensor',
    [INDEX, 'tensor "model.gone"', FIRST_SHARD],
    entry('model.gone', FIRST_SHARD),
  ],
  [
    'an index with a tensor in the wrong shard',
    'missing-tensor',
    [INDEX, `tensor "${HEAD}"`, `it lies in ${FIRST_SHARD}`, SECOND_SHARD],
    entry(HEAD, SECOND_SHARD),
  ],
  [
    'an index without a tensor',
    'surplus-tensor',
    [INDEX, `tensor "${HEAD}"`, FIRST_SHARD],
    ({ edit }) => edit(INDEX, (index) => Reflect.deleteProperty(weightMap(index), HEAD)),
  ],
  ['an index without tensors', 'missing-weights', [INDEX], ({ write }) => write(INDEX, '{"weight_map":{}}')],
  [
    'two indexes',
    'ambiguous-index',
    ['a.safetensors.index.json', 'b.safetensors.index.json'],
    ({ read, write, rename }) => {
      write('a.safetensors.index.json', read(INDEX));
      rename(INDEX, 'b.safetensors.index.json');
    },
  ],
  ['an index of a terabyte', 'too-large', [INDEX, '1099511627776'], ({ path }) => grow(join(path, INDEX))],
];

export function indexCases(): readonly BadCase[] {
  return malformed([...UNREADABLE, ...UNSAFE, ...CONTRADICTING]);
}

function entry(tensor: string, shard: string): (folder: ModelFolder) => void {
  return ({ edit }) => edit(INDEX, (index) => (weightMap(index)[tensor] = shard));
}

function shards(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, `s${at}`]));
}

function grow(path: string): void {
  truncateSync(path, 1024 ** 4);
}
