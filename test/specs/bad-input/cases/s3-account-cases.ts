import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { commandOn } from '../commands.js';

/** A model that is there. */
const MODEL = 's3://models/sound';

type AccountRow = readonly [
  name: string,
  exit: 2 | 3,
  error: BadCase['error'],
  mentions: readonly string[],
  argv: (dir: string) => readonly string[],
  env: Readonly<Record<string, string | undefined>>,
];

const ACCOUNT: readonly AccountRow[] = [
  ['a bucket that is not there', 2, 'ObjectMissing', ['gone', 's3://gone'], on('s3://gone/model'), {}],
  ['a prefix that is not there', 2, 'UsageError', ['s3://models/gone'], on('s3://models/gone'), {}],
  [
    'a programme that is not there',
    2,
    'UsageError',
    ['s3://models/gone.yaml'],
    () => ['plan', 's3://models/gone.yaml'],
    {},
  ],
  ['a programme in no bucket', 2, 'UsageError', ['s3://gone/p.yaml'], () => ['plan', 's3://gone/p.yaml'], {}],
  ['a work folder in no bucket', 2, 'ObjectMissing', ['s3://gone'], work('s3://gone/work'), {}],
  [
    'an output in no bucket',
    2,
    'ObjectMissing',
    ['s3://gone'],
    () => ['fingerprint', MODEL, '-o', 's3://gone/x'],
    {},
  ],
  [
    'a wrong secret',
    3,
    'AccessDenied',
    ['SignatureDoesNotMatch', MODEL],
    on(MODEL),
    { AWS_SECRET_ACCESS_KEY: 'wrong' },
  ],
  [
    'an unknown key',
    3,
    'AccessDenied',
    ['InvalidAccessKeyId', MODEL],
    on(MODEL),
    { AWS_ACCESS_KEY_ID: 'AKNOBODY' },
  ],
  [
    'no credentials',
    3,
    'AccessDenied',
    ['CredentialsProviderError', MODEL],
    on(MODEL),
    { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
  ],
  [
    'no credentials for a profile',
    3,
    'AccessDenied',
    [MODEL],
    on(MODEL),
    { ...noKeys(), AWS_PROFILE: 'nobody' },
  ],
];

/** Buckets, keys and secrets that are wrong: nothing is tried again. */
export function accountCases(): readonly BadCase[] {
  return ACCOUNT.map(([name, exit, error, mentions, argv, env]) => ({
    name,
    exit,
    error,
    mentions,
    arrange: (dir) => ({ argv: argv(dir), env }),
  }));
}

function noKeys(): Record<string, undefined> {
  return { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
}

function on(source: string): (dir: string) => readonly string[] {
  return (dir) => commandOn('compare', source, dir);
}

function work(uri: string): (dir: string) => readonly string[] {
  return (dir) => ['fingerprint', MODEL, '-o', join(dir, 'out'), '--work', uri];
}
