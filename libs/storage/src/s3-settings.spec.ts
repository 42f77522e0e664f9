import { StorageUnavailable, UsageError } from '@jokbo/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.js';
import { S3_VARIABLES, s3Settings } from './s3-settings.js';
import { startS3Server } from './testing/index.js';

afterEach(() => vi.unstubAllEnvs());

const STANDARD = { retries: 5, requestTimeoutMs: 30_000, socketTimeoutMs: 15_000, maxSockets: 50 };

describe('s3Settings', () => {
  it('takes the caller before the environment before the standard value', () => {
    const environment = {
      JOKBO_S3_RETRIES: '0',
      JOKBO_S3_REQUEST_TIMEOUT_MS: '250',
      JOKBO_S3_SOCKET_TIMEOUT_MS: '',
      JOKBO_S3_CONNECTIONS: '3',
    };
    expect(s3Settings({}, {})).toEqual(STANDARD);
    const told = { ...STANDARD, retries: 0, requestTimeoutMs: 250, maxSockets: 3 };
    expect(s3Settings({}, environment)).toEqual(told);
    const own = { retries: 9, requestTimeoutMs: 1, s3: { maxSockets: 7 } };
    expect(s3Settings(own, environment)).toEqual({
      ...told,
      retries: 9,
      requestTimeoutMs: 1,
      maxSockets: 7,
    });
  });

  it.each(S3_VARIABLES)('takes $name up to its bounds, and refuses what is beyond', ({ name, ...rest }) => {
    const { setting, least, most } = rest;
    for (const value of [least, most]) expect(s3Settings({}, { [name]: String(value) })[setting]).toBe(value);
    for (const text of [String(least - 1), String(most + 1), '1.5', '1e3', ' 5', 'ten', '0x10']) {
      expect(() => s3Settings({}, { [name]: text })).toThrow(UsageError);
      expect(() => s3Settings({}, { [name]: text })).toThrow(`from ${least} to ${most}`);
    }
  });
});

describe('openStore', () => {
  it('repeats requests as often as the environment says', async () => {
    const credentials = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };
    const server = await startS3Server({ credentials, objects: { 'models/x': new Uint8Array(8) } });
    vi.stubEnv('JOKBO_S3_RETRIES', '1');
    const store = openStore('s3://models', { s3: { endpoint: server.endpoint, credentials } });
    try {
      server.inject({ fault: { kind: 'status', status: 503 }, times: 9 });
      await expect(store.open('x')).rejects.toThrow(StorageUnavailable);
      expect(server.requests).toHaveLength(2);
    } finally {
      await store.close();
      await server.close();
    }
  });

  it('refuses a setting that is wrong before anything is contacted, and only where S3 is used', () => {
    vi.stubEnv('JOKBO_S3_RETRIES', 'often');
    expect(() => openStore('s3://models')).toThrow(/JOKBO_S3_RETRIES .*"often"/);
    expect(openStore('/models').uri).toBe('file:///models');
  });
});
