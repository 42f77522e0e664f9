import { readFileSync } from 'node:fs';
import type { Fault, S3Server } from '@jokbo/storage/testing';
import { expect } from 'vitest';
import { ZOO } from '../../zoo-models.js';
import type { BadCase } from '../bad-case.js';
import { commandOn } from '../commands.js';

/** Where the model of a case lies: a folder of its own, so that no fault hits another case. */
export type Upload = (folder: string) => Promise<S3Server>;

type Row = readonly [
  name: string,
  error: BadCase['error'],
  mentions: readonly string[],
  fault: Fault,
  /** Which requests are hit: those for the keys that end so. */
  suffix: string,
  /** Hit only reads of an opened version. */
  opened?: true,
];

/** More than all attempts of one run. */
const FOR_EVER = 1_000;

const WEIGHTS = 'model.safetensors';

const MODEL = 's3://models/sound';

const LASTING: readonly Row[] = [
  [
    '500 for ever',
    'StorageUnavailable',
    [WEIGHTS, 'InternalError'],
    { kind: 'status', status: 500 },
    WEIGHTS,
  ],
  [
    '503 for ever',
    'StorageUnavailable',
    ['SlowDown'],
    { kind: 'status', status: 503, code: 'SlowDown' },
    'config.json',
  ],
  [
    'a body that ends early',
    'StorageUnavailable',
    [WEIGHTS, '100 of'],
    { kind: 'truncate', afterBytes: 100 },
    WEIGHTS,
    true,
  ],
  [
    'a connection that breaks',
    'StorageUnavailable',
    [WEIGHTS],
    { kind: 'reset', afterBytes: 0 },
    WEIGHTS,
    true,
  ],
  [
    'a body that is too long',
    'StorageUnavailable',
    [WEIGHTS, 'longer'],
    { kind: 'surplus', bytes: 9 },
    WEIGHTS,
    true,
  ],
  [
    'another range',
    'StorageUnavailable',
    [WEIGHTS, 'Content-Range: bytes 8-'],
    { kind: 'wrong-range', shift: 8 },
    WEIGHTS,
    true,
  ],
  ['the whole object', 'StorageUnavailable', [WEIGHTS], { kind: 'whole-object' }, WEIGHTS, true],
  ['a listing that fails', 'StorageUnavailable', ['models'], { kind: 'status', status: 500 }, 'models'],
];

const FINAL: readonly Row[] = [
  [
    'an object that is replaced',
    'ObjectChanged',
    [WEIGHTS],
    { kind: 'replace', bytes: Buffer.from('new') },
    WEIGHTS,
    true,
  ],
  [
    'another ETag',
    'ObjectChanged',
    [WEIGHTS, '\\"0123\\"'],
    { kind: 'wrong-etag', etag: '"0123"' },
    WEIGHTS,
    true,
  ],
  [
    'an object that goes',
    'ObjectChanged',
    [WEIGHTS, 'NoSuchKey'],
    { kind: 'status', status: 404, code: 'NoSuchKey' },
    WEIGHTS,
    true,
  ],
  [
    '403 on one object',
    'AccessDenied',
    [WEIGHTS, 'AccessDenied'],
    { kind: 'status', status: 403, code: 'AccessDenied' },
    WEIGHTS,
  ],
  [
    'an expired token',
    'AccessDenied',
    ['ExpiredToken'],
    { kind: 'status', status: 400, code: 'ExpiredToken' },
    'config.json',
  ],
];

/** Answers of a service that spoil a run. The first ones are tried again for some seconds. */
export function faultCases(upload: Upload): readonly BadCase[] {
  return [...LASTING, ...FINAL].map(([name, error, mentions, fault, suffix, opened], number) => ({
    name,
    exit: 3,
    error,
    mentions: [`s3://models`, ...mentions],
    async arrange(dir) {
      const folder = `case-${number}`;
      const server = await upload(folder);
      server.inject({
        match: ({ key, query, headers }) => {
          const path = key === '' ? `${query.get('prefix') ?? ''}models` : key;
          const ours = path.startsWith(`${folder}/`) && path.endsWith(suffix);
          return ours && (opened !== true || headers.has('if-match'));
        },
        times: FOR_EVER,
        fault,
      });
      return { argv: commandOn('fingerprint', `s3://models/${folder}`, dir) };
    },
  }));
}

/** Another model of the same shape takes the place of one whose header was read already. */
export function exchangedModelCase(upload: Upload): BadCase {
  return {
    name: 'another model in place of the one that was planned',
    exit: 3,
    error: 'ObjectChanged',
    mentions: [`s3://models/exchanged/${WEIGHTS}`],
    async arrange(dir) {
      const server = await upload('exchanged');
      let openings = 0;
      server.inject({
        match: ({ key, headers }) => {
          if (key !== `exchanged/${WEIGHTS}` || headers.has('if-match')) return false;
          openings += 1;
          return openings === 2;
        },
        fault: { kind: 'replace', bytes: readFileSync(`${ZOO}refs/llama-mini-s1/${WEIGHTS}`) },
      });
      return {
        argv: commandOn('fingerprint', 's3://models/exchanged', dir),
        after: () => expect(openings).toBeGreaterThanOrEqual(2),
      };
    },
  };
}

/** A bucket that takes no further bytes, as work folder and as output. */
export function fullBucketCases(upload: Upload): readonly BadCase[] {
  const rows: readonly (readonly [name: string, argv: readonly string[]])[] = [
    ['full-work', ['fingerprint', MODEL, '--work', 's3://models/full-work']],
    ['full-output', ['fingerprint', MODEL, '-o', 's3://models/full-output']],
  ];
  return rows.map(([folder, argv]) => ({
    name: folder,
    exit: 3,
    error: 'StorageFull',
    mentions: [`s3://models/${folder}/`],
    async arrange() {
      const server = await upload('sound');
      server.inject({
        match: ({ method, key }) => method === 'PUT' && key.startsWith(`${folder}/`),
        times: FOR_EVER,
        fault: { kind: 'status', status: 507, code: 'InsufficientStorage' },
      });
      return { argv };
    },
  }));
}
