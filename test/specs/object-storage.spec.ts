import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startS3Server, type S3Server } from '@jokbo/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZOO } from './zoo-models.js';

const JOKBO = fileURLToPath(new URL('../../apps/cli/bin/jokbo.js', import.meta.url));
const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
const SUBJECT = 'teams/e/vae-mini';
const BASE = 'refs/glm-air-mini';

let server: S3Server;
let scratch = '';

beforeAll(async () => {
  // The folder `zoo` is the bucket; what runs write goes to buckets in memory of a server of its own.
  server = await startS3Server({ credentials: CREDENTIALS, root: join(ZOO, '..') });
  scratch = await mkdtemp(join(tmpdir(), 'jokbo buckets '));
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

async function jokbo(args: readonly string[], endpoint = server.endpoint): Promise<unknown> {
  const environment = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: 'us-east-1',
  };
  const child = spawn(process.execPath, [JOKBO, ...args], { env: environment, cwd: scratch });
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((stream) => stream.toArray()));
  const text = Buffer.concat((out ?? []) as Buffer[]).toString();
  const errors = Buffer.concat((err ?? []) as Buffer[]).toString();
  expect(text, errors).not.toBe('');
  return JSON.parse(text);
}

/** A comparison without the names of its sources. */
interface Compared {
  readonly components: readonly { readonly component: string; readonly r_min: number | null }[];
  readonly verdict: string;
  readonly coverage: unknown;
}

function compare(subject: string, base: string, ...options: string[]): Promise<Compared> {
  const work = join(scratch, `work-${options.join('')}-${subject.startsWith('s3')}`);
  const quiet = ['--quiet', '--format', 'json', '--features', '512', '--work', work];
  return jokbo(['compare', subject, base, ...quiet, ...options]) as Promise<Compared>;
}

describe('models in a bucket', () => {
  it('give the figures that they give in a folder, sampled and over all elements', async () => {
    const [bucket, folder] = [
      [`s3://zoo/${SUBJECT}`, `s3://zoo/${BASE}`],
      [join(ZOO, SUBJECT), join(ZOO, BASE)],
    ] as const;
    for (const options of [[], ['--full']]) {
      const far = await compare(...bucket, ...options);
      const near = await compare(...folder, ...options);
      expect(far.components.length).toBeGreaterThan(5);
      expect(far.components).toEqual(near.components);
      expect([far.verdict, far.coverage]).toEqual(['derived', near.coverage]);
    }
    expect(server.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('leave fingerprints and evidence in a bucket, from which the next run reads', async () => {
    const store = await startS3Server({ credentials: CREDENTIALS, buckets: ['store'] });
    try {
      const run = () =>
        jokbo(
          [
            'compare',
            join(ZOO, SUBJECT),
            join(ZOO, BASE),
            '--quiet',
            '--format',
            'json',
            '--work',
            's3://store/a',
          ],
          store.endpoint,
        );
      const first = await run();
      const written = store.requests.filter(({ method }) => method === 'PUT').length;
      expect(written).toBeGreaterThan(4);
      expect(await run()).toEqual(first);
      expect(store.requests.filter(({ method }) => method === 'PUT').length).toBe(written);
    } finally {
      await store.close();
    }
  });
});
