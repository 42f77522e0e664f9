import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server } from '@jokbo/storage/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from './check-database.js';
import { checkKernels } from './check-kernels.js';
import { checkNode, checkThreads } from './check-node.js';
import { checkS3 } from './check-s3.js';
import { checkWorkFolder } from './check-work-folder.js';

afterEach(() => vi.unstubAllEnvs());

describe('checks of the machine', () => {
  it('pass on the machine that runs the tests', async () => {
    const work = await mkdtemp(join(tmpdir(), 'jokbo-doctor-'));
    try {
      expect(checkNode().status).toBe('ok');
      expect(checkThreads(1).status).toBe('ok');
      expect((await checkKernels(work, 1)).detail).toContain('WebAssembly SIMD');
      expect((await checkWorkFolder(work)).detail).toContain('free');
      expect(await readdir(work)).toEqual([]);
    } finally {
      await rm(work, { recursive: true });
    }
  });

  it('fail with the reason', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'jokbo-doctor-')), 'file');
    await writeFile(file, '');
    expect((await checkWorkFolder(`${file}/below`)).status).toBe('fail');
    vi.stubEnv('DATABASE_URL', 'postgres://user:secret@127.0.0.1:1/x');
    const database = await checkDatabase('.');
    expect(database.status).toBe('fail');
    expect(database.detail).toContain('127.0.0.1:1');
    expect(database.detail).not.toContain('secret');
    await rm(join(file, '..'), { recursive: true });
  });

  it('say that more threads than cores help nobody', () => {
    expect(checkThreads(10_000).status).toBe('warn');
  });

  it('contact no S3 where nothing of it is set, and fail where it does not answer', async () => {
    for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE']) {
      vi.stubEnv(name, '');
    }
    expect(await checkS3()).toBeNull();
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    expect((await checkS3())?.status).toBe('fail');
  });

  it('name the settings of S3 in use, and one that is wrong', async () => {
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const server = await startS3Server({ credentials });
    try {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
      vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
      vi.stubEnv('AWS_REGION', 'us-east-1');
      vi.stubEnv('JOKBO_S3_RETRIES', '7');
      const check = await checkS3();
      expect(check).toMatchObject({ status: 'ok' });
      expect(check?.detail).toContain('JOKBO_S3_RETRIES=7 JOKBO_S3_REQUEST_TIMEOUT_MS=30000');
      vi.stubEnv('JOKBO_S3_RETRIES', '-1');
      expect(await checkS3()).toMatchObject({
        status: 'fail',
        detail: expect.stringMatching(/JOKBO_S3_RETRIES.*"-1"/) as string,
      });
    } finally {
      await server.close();
    }
  });
});
