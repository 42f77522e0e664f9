import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZOO } from '../../zoo-models.js';
import type { BadCase } from '../bad-case.js';
import { commandOn } from '../commands.js';
import { SINGLE } from '../model-folder.js';

const MODEL = `${ZOO}${SINGLE}`;
const COMPARE = ['compare', MODEL, MODEL];

type Row = readonly [name: string, mentions: readonly string[], argv: readonly string[]];

/** Command lines that are wrong whatever lies on the disk. */
const ROWS: readonly Row[] = [
  ['an unknown command', ['unknown command', 'audti', '(Did you mean audit?)'], ['audti', 'programme.yaml']],
  [
    'an unknown option',
    ['unknown option', '--fial-on', '(Did you mean --fail-on?)'],
    [...COMPARE, '--fial-on', 'derived'],
  ],
  ['no argument', ['missing required argument', 'programme'], ['plan']],
  ['one model to compare', ['missing required argument', 'reference'], ['compare', MODEL]],
  ['an argument too many', ['too many arguments'], ['plan', 'a.yaml', 'b.yaml']],
  ['no threads', ['--threads', "'0'"], [...COMPARE, '--threads', '0']],
  ['fewer than no threads', ['--threads', "'-1'"], [...COMPARE, '--threads=-1']],
  ['half a thread', ['--threads', "'1.5'"], [...COMPARE, '--threads', '1.5']],
  ['threads in words', ['--threads', "'all'"], [...COMPARE, '--threads', 'all']],
  ['a thousand threads', ['--threads', "'1000'"], [...COMPARE, '--threads', '1000']],
  ['an unknown verdict', ['--fail-on', "'clone'", 'derived'], [...COMPARE, '--fail-on', 'clone']],
  ['a verdict that is no finding', ['--fail-on', "'invalid'"], [...COMPARE, '--fail-on', 'invalid']],
  ['an unknown format', ['--format', "'xml'", 'json'], [...COMPARE, '--format', 'xml']],
  ['an unknown language', ['--language', "'fr'", 'ko'], [...COMPARE, '--language', 'fr']],
  ['no features', ['--features', "'0'"], [...COMPARE, '--features', '0']],
  ['a billion features', ['--features', "'1000000000'"], [...COMPARE, '--features', '1000000000']],
  ['features twice', ['--sample', '--features'], [...COMPARE, '--sample', '9', '--features', '9']],
  ['an option without its value', ['--format', 'argument missing'], [...COMPARE, '--format']],
  ['an empty path', ['value ""'], ['fingerprint', '']],
  ['a path with NUL', ['value "a\\u0000b"'], ['fingerprint', 'a\0b']],
];

type FileRow = readonly [
  name: string,
  exit: 2 | 3,
  error: BadCase['error'],
  mentions: readonly string[],
  argv: (dir: string) => readonly string[],
];

/** Places that cannot be read or written, found before anything is computed. */
const FILE_ROWS: readonly FileRow[] = [
  [
    'a programme that is not there',
    2,
    'UsageError',
    ['gone.yaml'],
    (dir) => ['plan', join(dir, 'gone.yaml')],
  ],
  ['a folder as programme', 2, 'UsageError', ['/folder'], (dir) => ['audit', folder(dir), '--no-database']],
  ['a folder as output', 2, 'UsageError', ['/folder'], (dir) => [...COMPARE, '-o', folder(dir)]],
  ['an output below a file', 2, 'UsageError', ['/file'], (dir) => [...COMPARE, '-o', `${file(dir)}/x.json`]],
  [
    'a fingerprint below a file',
    2,
    'UsageError',
    ['/file'],
    (dir) => ['fingerprint', MODEL, '-o', `${file(dir)}/x`],
  ],
  ['a file as report folder', 2, 'UsageError', ['/file'], (dir) => outOf(dir, file(dir))],
  ['a file as work folder', 2, 'UsageError', ['/file'], (dir) => [...COMPARE, '--work', file(dir)]],
  [
    'an output where no file can be',
    2,
    'UsageError',
    ['/proc/jokbo'],
    () => [...COMPARE, '-o', '/proc/jokbo/x'],
  ],
  [
    'a work folder where none can be',
    2,
    'UsageError',
    ['/proc/jokbo'],
    () => [...COMPARE, '--work', '/proc/jokbo'],
  ],
  ['a bucket as home of the database', 2, 'UsageError', ['s3://bucket/work', 'DATABASE_URL'], inBucket],
  ['no result yet', 2, 'UsageError', ['postgres'], () => ['report']],
  [
    'a result that is not there',
    2,
    'ObjectMissing',
    ['gone.json'],
    (dir) => ['report', join(dir, 'gone.json')],
  ],
  ['a result that is not JSON', 2, 'UsageError', ['/file'], (dir) => ['report', file(dir)]],
  ['a result that is another document', 2, 'UsageError', ['schema_version'], (dir) => ['report', json(dir)]],
];

export function commandCases(): readonly BadCase[] {
  return [
    ...ROWS.map(([name, mentions, argv]): BadCase => ({
      name,
      exit: 2,
      error: 'UsageError',
      mentions,
      arrange: () => ({ argv }),
    })),
    ...FILE_ROWS.map(([name, exit, error, mentions, argv]): BadCase => ({
      name,
      exit,
      error,
      mentions,
      arrange: (dir) => ({ argv: argv(dir) }),
    })),
    ...environmentCases(),
  ];
}

/** Settings of the environment that are wrong. */
function environmentCases(): readonly BadCase[] {
  const bucket = ['compare', 's3://models/base', MODEL];
  const rows: readonly (readonly [name: string, value: string, argv?: readonly string[]])[] = [
    ['JOKBO_THREADS', 'many'],
    ['JOKBO_LANGUAGE', 'xx'],
    ['JOKBO_WORK', 'ftp://host/work'],
    ['JOKBO_S3_RETRIES', '-1', bucket],
    ['JOKBO_S3_REQUEST_TIMEOUT_MS', '0', bucket],
    ['JOKBO_S3_SOCKET_TIMEOUT_MS', '10s', bucket],
    ['JOKBO_S3_CONNECTIONS', '1e9', bucket],
  ];
  return rows.map(([name, value, argv = COMPARE]) => ({
    name: `${name}=${value}`,
    exit: 2,
    error: 'UsageError',
    mentions: [value],
    arrange: () => ({ argv, env: { [name]: value } }),
  }));
}

function folder(dir: string): string {
  mkdirSync(join(dir, 'folder'));
  return join(dir, 'folder');
}

function file(dir: string): string {
  writeFileSync(join(dir, 'file'), 'not a folder');
  return join(dir, 'file');
}

function json(dir: string): string {
  writeFileSync(join(dir, 'other.json'), '{"pairs": []}');
  return join(dir, 'other.json');
}

function outOf(dir: string, out: string): readonly string[] {
  return [...commandOn('audit', MODEL, dir).slice(0, 3), '--out', out];
}

function inBucket(dir: string): readonly string[] {
  return [
    ...commandOn('audit', MODEL, dir).slice(0, 2),
    '--out',
    join(dir, 'out'),
    '--work',
    's3://bucket/work',
  ];
}
