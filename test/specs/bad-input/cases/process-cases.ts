import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { ZOO } from '../../zoo-models.js';
import type { BadCase } from '../bad-case.js';
import { commandOn } from '../commands.js';
import { copyModel, FIRST_SHARD, SHARDED, SINGLE } from '../model-folder.js';

const MODEL = `${ZOO}${SINGLE}`;

/** A port of this machine that nothing listens on: 1 is reserved. */
const DEAD_ENDPOINT = 'http://127.0.0.1:1';

/** What only a process of its own can meet: another environment, other rights, other limits. */
export function processCases(): readonly BadCase[] {
  return [
    {
      name: 'an endpoint where nothing listens',
      exit: 3,
      error: 'StorageUnavailable',
      mentions: ['s3://models/sound', 'ECONNREFUSED'],
      arrange: (dir) => ({
        argv: commandOn('fingerprint', 's3://models/sound', dir),
        env: {
          AWS_ENDPOINT_URL_S3: DEAD_ENDPOINT,
          AWS_ACCESS_KEY_ID: 'AKTEST',
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_REGION: 'us-east-1',
          // Under Node 20 the SDK tells whoever updates packages that later versions of it want Node 22.
          AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        },
      }),
    },
    {
      name: 'a database where nothing listens',
      exit: 3,
      error: 'DatabaseUnavailable',
      mentions: ['127.0.0.1:1'],
      arrange: () => ({
        argv: ['report'],
        env: { DATABASE_URL: 'postgres://jokbo:secret@127.0.0.1:1/jokbo' },
      }),
    },
    ...['a shard', 'a folder'].map((what): BadCase => ({
      name: `${what} that may not be read`,
      exit: 3,
      error: 'AccessDenied',
      mentions: what === 'a shard' ? [FIRST_SHARD] : ['/model'],
      arrange(dir) {
        const { path } = copyModel(SHARDED, join(dir, 'model'));
        const locked = what === 'a shard' ? join(path, FIRST_SHARD) : path;
        chmodSync(locked, 0);
        const after = (): void => chmodSync(locked, 0o700);
        return { argv: commandOn('fingerprint', path, dir), after };
      },
    })),
    {
      name: 'a folder that may not be written',
      exit: 3,
      error: 'AccessDenied',
      mentions: ['/locked'],
      arrange(dir) {
        const { path } = copyModel(SINGLE, join(dir, 'locked'));
        chmodSync(path, 0o500);
        return {
          argv: ['compare', MODEL, MODEL, '-o', join(path, 'below', 'x.json')],
          after: () => chmodSync(path, 0o700),
        };
      },
    },
    {
      name: 'a limit on the size of files',
      exit: 3,
      error: 'StorageFull',
      mentions: ['/work/content/'],
      arrange: (dir) => ({ argv: ['fingerprint', MODEL, '-o', join(dir, 'out')], fileKilobytes: 256 }),
    },
  ];
}
