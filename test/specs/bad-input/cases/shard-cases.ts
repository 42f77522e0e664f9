import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { malformed, refused, type SpoiltCheckpoint } from '../checkpoint-case.js';
import { editHeader, FIRST_SHARD, INDEX, SECOND_SHARD, SINGLE, type ModelFolder } from '../model-folder.js';

const LFS_POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 483816\n`;

/** Shards that are not whole: where they end, and what that breaks. */
const TRUNCATED: readonly SpoiltCheckpoint[] = [
  ['an empty shard', 'empty-file', [FIRST_SHARD, 'empty file'], cutTo(0)],
  ['a shard of four bytes', 'truncated', [FIRST_SHARD, '4 bytes'], cutTo(4)],
  ['a shard of a length and no header', 'header-length', [FIRST_SHARD, 'file of 8'], cutTo(8)],
  ['a shard cut in its header', 'header-length', [FIRST_SHARD, 'file of 1000'], cutTo(1000)],
  ['a shard cut behind its header', 'coverage', [FIRST_SHARD, 'tensors end at byte'], cutToHeader],
  ['a shard cut in its data', 'coverage', [FIRST_SHARD, 'file of 300000'], cutTo(300_000)],
  ['a shard without its last byte', 'coverage', [FIRST_SHARD, 'byte 483816 of a file of 483815'], cutTo(-1)],
  ['a shard with a byte more', 'coverage', [FIRST_SHARD, 'byte 483816 of a file of 483817'], growBy(1)],
  ['a shard with a page more', 'coverage', [FIRST_SHARD, 'byte 483816 of a file of 487912'], growBy(4096)],
];

/** Shards that are something else. */
const FOREIGN: readonly SpoiltCheckpoint[] = (
  [
    ['an HTML page', 'not-safetensors-html', '<!DOCTYPE html>\n<html><body>404</body></html>'],
    ['an HTML page behind a BOM', 'not-safetensors-html', '\uFEFF  <html lang="en">'],
    ['an LFS pointer', 'lfs-pointer', LFS_POINTER],
    ['an XML answer', 'not-safetensors-xml', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
    ['a zip archive', 'not-safetensors-zip', `PK\x03\x04${'\0'.repeat(100)}`],
    ['a pickle', 'not-safetensors-pickle', Buffer.from([0x80, 2, 0x7d, 0x71, 0, 0x2e, 0, 0, 0, 0])],
    ['gzip data', 'not-safetensors-gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0])],
    ['a GGUF file', 'not-safetensors-gguf', `GGUF\x03\0\0\0${'\0'.repeat(100)}`],
    ['an HDF5 file', 'not-safetensors-hdf5', Buffer.from('894844460d0a1a0a00000000', 'hex')],
    ['bare JSON', 'not-safetensors-json', '{"a":{"dtype":"F32"}}'],
    ['zeros', 'header-length', Buffer.alloc(4096)],
    ['noise', 'header-length', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31 + 255) % 256))],
  ] as const
).map(([what, rule, content]) => [
  `${what} as shard`,
  rule,
  [SECOND_SHARD],
  ({ write }: ModelFolder) => write(SECOND_SHARD, content),
]);

/** Shards that do not fit their index. */
const MISPLACED: readonly SpoiltCheckpoint[] = [
  ['two shards swapped', 'missing-tensor', [INDEX, 'it lies in', FIRST_SHARD, SECOND_SHARD], swapShards],
  ['the first shard absent', 'missing-shard', [INDEX, FIRST_SHARD], ({ remove }) => remove(FIRST_SHARD)],
  ['the last shard absent', 'missing-shard', [INDEX, SECOND_SHARD], ({ remove }) => remove(SECOND_SHARD)],
  [
    'a shard twice',
    'duplicate-tensor',
    [INDEX, 'tensor "', FIRST_SHARD, SECOND_SHARD],
    ({ read, write }) => write(SECOND_SHARD, read(FIRST_SHARD)),
  ],
  ['a folder instead of a shard', 'missing-shard', [INDEX, FIRST_SHARD], inPlaceOfShard(mkdirSync)],
  [
    'a link to nothing instead of a shard',
    'missing-shard',
    [INDEX, FIRST_SHARD],
    inPlaceOfShard((path) => symlinkSync('nowhere', path)),
  ],
  [
    'a named pipe instead of a shard',
    'missing-shard',
    [INDEX, FIRST_SHARD],
    inPlaceOfShard((path) => execFileSync('mkfifo', [path])),
  ],
  ['a tensor under another name', 'missing-tensor', [INDEX, FIRST_SHARD, 'tensor "lm_head.weight"'], renamed],
  [
    'a tensor of another shape',
    'size',
    [FIRST_SHARD, 'tensor "lm_head.weight"'],
    headerEntry((entry) => (entry['shape'] = [3, 3])),
  ],
  [
    'a tensor of another type',
    'size',
    [FIRST_SHARD, 'tensor "lm_head.weight"', 'F32'],
    headerEntry((entry) => (entry['dtype'] = 'F32')),
  ],
];

/** Checkpoints of one file or without index. */
const WITHOUT_INDEX: readonly SpoiltCheckpoint[] = [
  ['no weights at all', 'missing-weights', ['/model'], ({ remove }) => remove('model.safetensors')],
  [
    'weights in a format that is not read',
    'missing-weights',
    ['/model'],
    ({ rename }) => rename('model.safetensors', 'pytorch_model.bin'),
  ],
  [
    'a set of shards with a gap',
    'missing-shard',
    ['shard 2 of 3', 'model-00001-of-00003'],
    numbered(3, [1, 3]),
  ],
  ['a set of no shards', 'missing-shard', ['value 0'], numbered(0, [0])],
  ['a set of 99999 shards', 'missing-shard', ['value 99999'], numbered(99_999, [1])],
  [
    'two sets of shards',
    'ambiguous-shards',
    ['model-00001-of-00001.safetensors', 'other-00001-of-00001.safetensors'],
    ({ read, write, rename }) => {
      write('other-00001-of-00001.safetensors', read('model.safetensors'));
      rename('model.safetensors', 'model-00001-of-00001.safetensors');
    },
  ],
  [
    'two files and nothing that chooses',
    'ambiguous-shards',
    ['a.safetensors', 'b.safetensors'],
    ({ read, write, rename }) => {
      write('a.safetensors', read('model.safetensors'));
      rename('model.safetensors', 'b.safetensors');
    },
  ],
];

export function shardCases(): readonly BadCase[] {
  return [
    ...malformed([...TRUNCATED, ...FOREIGN, ...MISPLACED]),
    ...malformed(WITHOUT_INDEX, SINGLE),
    ...refused('AccessDenied', 3, [
      [
        'a link out of the folder instead of a shard',
        [FIRST_SHARD, '/etc/passwd'],
        inPlaceOfShard((path) => symlinkSync('/etc/passwd', path)),
      ],
    ]),
  ];
}

function cutTo(bytes: number): (folder: ModelFolder) => void {
  return ({ read, write }) => write(FIRST_SHARD, read(FIRST_SHARD).subarray(0, bytes));
}

function cutToHeader({ read, write }: ModelFolder): void {
  const file = read(FIRST_SHARD);
  write(FIRST_SHARD, file.subarray(0, 8 + Number(file.readBigUInt64LE(0))));
}

function growBy(bytes: number): (folder: ModelFolder) => void {
  return ({ read, write }) => write(FIRST_SHARD, Buffer.concat([read(FIRST_SHARD), Buffer.alloc(bytes)]));
}

function swapShards({ rename }: ModelFolder): void {
  rename(FIRST_SHARD, 'other');
  rename(SECOND_SHARD, FIRST_SHARD);
  rename('other', SECOND_SHARD);
}

function inPlaceOfShard(make: (path: string) => void): (folder: ModelFolder) => void {
  return ({ path, remove }) => {
    remove(FIRST_SHARD);
    make(join(path, FIRST_SHARD));
  };
}

function headerEntry(change: (entry: Record<string, unknown>) => void): (folder: ModelFolder) => void {
  return (folder) =>
    editHeader(folder, FIRST_SHARD, (header) => change(header['lm_head.weight'] as Record<string, unknown>));
}

function renamed(folder: ModelFolder): void {
  editHeader(folder, FIRST_SHARD, (header) => {
    header['lm_head.w'] = header['lm_head.weight'];
    delete header['lm_head.weight'];
  });
}

/** The only file, as these shards of a set of `total`. */
function numbered(total: number, shards: readonly number[]): (folder: ModelFolder) => void {
  const digits = (value: number): string => String(value).padStart(5, '0');
  return ({ read, write, remove }) => {
    const content = read('model.safetensors');
    remove('model.safetensors');
    for (const shard of shards) write(`model-${digits(shard)}-of-${digits(total)}.safetensors`, content);
  };
}
