import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { malformed, type SpoiltCheckpoint } from '../checkpoint-case.js';
import { SINGLE, type ModelFolder } from '../model-folder.js';

const TOKENIZER = 'tokenizer.json';

const BROKEN: readonly SpoiltCheckpoint[] = (
  [
    ['empty', 'json', ''],
    ['cut off', 'json', '{"model": {"vocab": {"a": 0'],
    ['behind a BOM', 'json', '\uFEFF{}'],
    ['an HTML page', 'json', '<html></html>'],
    ['an LFS pointer', 'json', 'version https://git-lfs.github.com/spec/v1\n'],
    ['nested deep', 'json', '['.repeat(1_000_000)],
    ['with a token twice', 'json', '{"model":{"vocab":{"a":0,"a":1}}}'],
    ['with half a character', 'json', '{"model":{"vocab":{"\\ud83d":0}}}'],
    ['a list', 'tokenizer', '[]'],
    ['without a model', 'tokenizer', '{}'],
    ['without a vocabulary', 'tokenizer', '{"model":{}}'],
    ['with a text as vocabulary', 'tokenizer', '{"model":{"vocab":"abc"}}'],
    ['with a text as id', 'tokenizer', '{"model":{"vocab":{"a":"0"}}}'],
    ['with a negative id', 'tokenizer', '{"model":{"vocab":{"a":-1}}}'],
    ['with half an id', 'tokenizer', '{"model":{"vocab":{"a":0.5}}}'],
    ['with an id beyond all bounds', 'tokenizer', '{"model":{"vocab":{"a":1e300}}}'],
    ['with a piece that is no text', 'tokenizer', '{"model":{"vocab":[["a",-1],[3,-2]]}}'],
    ['with added tokens that are no list', 'tokenizer', '{"model":{"vocab":{}},"added_tokens":{"a":1}}'],
    ['with an added token without text', 'tokenizer', '{"model":{"vocab":{}},"added_tokens":[{"id":1}]}'],
  ] as const
).map(([what, rule, content]) => [
  `a tokenizer ${what}`,
  rule,
  [TOKENIZER],
  ({ write }: ModelFolder) => write(TOKENIZER, content),
]);

/** Tokenizers of other formats. */
const OTHERS: readonly SpoiltCheckpoint[] = [
  ['a tekken.json without a vocabulary', 'tokenizer', ['tekken.json'], instead('tekken.json', '{}')],
  [
    'a tiktoken file that is not base64',
    'tokenizer',
    ['qwen.tiktoken', '%%%'],
    instead('qwen.tiktoken', 'YQ== 0\n%%% 1\n'),
  ],
  [
    'a tiktoken file that is not text',
    'tokenizer',
    ['tiktoken.model'],
    instead('tiktoken.model', Buffer.from([0xff, 0xfe, 0, 1])),
  ],
  [
    'a tokenizer of a gigabyte',
    'too-large',
    [TOKENIZER, '1073741824'],
    ({ path }) => grow(join(path, TOKENIZER)),
  ],
];

export function tokenizerCases(): readonly BadCase[] {
  return malformed([...BROKEN, ...OTHERS], SINGLE);
}

function instead(name: string, content: string | Uint8Array): (folder: ModelFolder) => void {
  return ({ remove, write }) => {
    remove(TOKENIZER);
    write(name, content);
  };
}

function grow(path: string): void {
  truncateSync(path, 1024 ** 3);
}
