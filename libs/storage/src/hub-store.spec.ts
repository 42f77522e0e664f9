import { randomBytes } from 'node:crypto';
import {
  AccessDenied,
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  StorageUnavailable,
  UsageError,
} from '@jokbo/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinnedUri } from './open-hub-store.js';
import { openStore } from './open-store.js';
import { readWhole } from './read-range.js';
import { startHubServer, type HubServer, type HubServerOptions } from './testing/index.js';

const WEIGHTS = randomBytes(300_000);
const FILES = {
  'config.json': Buffer.from('{}'),
  'empty.txt': new Uint8Array(),
  'model.safetensors': WEIGHTS,
  'sub/tokenizer name.json': Buffer.from('{"a":1}'),
};

let server: HubServer;
let commit = '';
beforeEach(() => start());
afterEach(() => server.close());

async function start(options: HubServerOptions = {}): Promise<void> {
  server = await startHubServer(options);
  commit = server.commit('team/model', FILES);
}

const hub = (token?: string) => ({ endpoint: server.endpoint, ...(token === undefined ? {} : { token }) });
const open = (uri = 'hub://team/model', token?: string) =>
  openStore(uri, { retries: 2, requestTimeoutMs: 2_000, socketTimeoutMs: 500, hub: hub(token) });

describe('a revision of a hub', () => {
  it('lists its files page by page, large ones by the SHA-256 of their bytes', async () => {
    await server.close();
    await start({ pageSize: 2 });
    const store = open();
    const listed = await store.list();
    expect(listed.map(({ path, size }) => [path, size])).toEqual(
      Object.entries(FILES).map(([path, bytes]) => [path, bytes.length]),
    );
    for (const { path, etag } of listed) {
      const source = await store.open(path);
      expect([path, source.etag]).toEqual([path, etag]);
      expect(Buffer.from(await readWhole(source, 1e6))).toEqual(
        Buffer.from(FILES[path as keyof typeof FILES]),
      );
    }
    expect(server.requests.filter((name) => name.includes('/tree/'))).toHaveLength(2);
    await store.close();
  });

  it('is a folder of it too, and lists what is not there as empty', async () => {
    const store = open('hub://team/model@main/sub');
    expect((await store.list()).map(({ path }) => path)).toEqual(['tokenizer name.json']);
    expect(await store.list('absent')).toEqual([]);
    expect((await store.open('tokenizer name.json')).uri).toBe(
      `hub://team/model@${commit}/sub/tokenizer name.json`,
    );
    await expect(store.open('absent')).rejects.toThrow(ObjectMissing);
    await store.close();
  });

  it('stays at the commit that it named first', async () => {
    const store = open();
    const source = await store.open('model.safetensors');
    const later = server.commit('team/model', { ...FILES, 'model.safetensors': randomBytes(300_000) });
    expect(Buffer.from(await readWhole(source, 1e6))).toEqual(WEIGHTS);
    expect(Buffer.from(await readWhole(await store.open('model.safetensors'), 1e6))).toEqual(WEIGHTS);
    expect(store.uri).toBe(`hub://team/model@${commit}`);
    expect(await pinnedUri('hub://team/model', undefined, { hub: hub() })).toBe(`hub://team/model@${later}`);
    await store.close();
  });

  it('takes a branch with a slash, and no other names', async () => {
    const own = server.commit('team/model', FILES, 'refs/pr/1');
    const pinned = await pinnedUri('hub://team/model@refs%2Fpr%2F1', undefined, { hub: hub() });
    expect(pinned).toBe(`hub://team/model@${own}`);
    for (const uri of [
      'hub://model',
      'hub://team/model@',
      'hub://team/mo del',
      'hub://team/model@a%2F..',
      'hub:///m',
    ]) {
      expect(() => open(uri)).toThrow(UsageError);
    }
    await expect(open().open('../x')).rejects.toThrow(MalformedCheckpoint);
  });

  it('is only read', async () => {
    const store = open();
    await expect(store.write('x', new Uint8Array(1))).rejects.toThrow(UsageError);
    await expect(store.remove('x')).rejects.toThrow('only read');
    await store.close();
  });

  it('says what is missing', async () => {
    await expect(open('hub://team/other').list()).rejects.toThrow('no such model');
    await expect(open('hub://team/model@v2').list()).rejects.toThrow('no such revision');
  });
});

describe('a token', () => {
  it('is sent to the hub alone, and never shown', async () => {
    await server.close();
    await start({ token: 'hf_secret' });
    const store = open(undefined, 'hf_secret');
    const source = await store.open('model.safetensors');
    expect(Buffer.from(await readWhole(source, 1e6))).toEqual(WEIGHTS);
    expect(server.requests.some((name) => name.startsWith('store '))).toBe(true);
    expect(server.leaked).toEqual([]);
    const wrong = await open(undefined, 'hf_wrong')
      .list()
      .catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(ObjectMissing);
    expect(String(wrong) + String((wrong as Error).cause)).not.toContain('hf_wrong');
    expect(() => open(undefined, 'a\r\nb: c')).toThrow('HF_TOKEN is no token');
    await store.close();
  });

  it('that is refused, or a gate that is closed, is no missing model', async () => {
    server.inject('hub /api', { kind: 'status', status: 403, headers: { 'x-error-code': 'GatedRepo' } });
    await expect(open().list()).rejects.toThrow('gated');
    server.inject('hub /api', { kind: 'status', status: 401 });
    await expect(open().list()).rejects.toThrow(AccessDenied);
  });
});

describe('a hub that fails', () => {
  const read = async (): Promise<Buffer> => {
    const store = open();
    const source = await store.open('model.safetensors');
    const bytes = Buffer.from(await readWhole(source, 1e6));
    await store.close();
    return bytes;
  };

  it.each(['hub /api', 'hub /team', 'store'])('is asked again: %s', async (start) => {
    server.inject(
      start,
      { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
      { kind: 'status', status: 500 },
    );
    expect(await read()).toEqual(WEIGHTS);
  });

  it('is given up at last', async () => {
    server.inject('hub /api', ...Array.from({ length: 3 }, () => ({ kind: 'status', status: 503 }) as const));
    await expect(read()).rejects.toThrow(StorageUnavailable);
  });

  it('goes on where a body ended', async () => {
    const store = open();
    const source = await store.open('model.safetensors');
    server.inject('store', { kind: 'truncate', afterBytes: 100 }, { kind: 'reset', afterBytes: 5_000 });
    expect(Buffer.from(await readWhole(source, 1e6))).toEqual(WEIGHTS);
    await store.close();
  });

  it('gives new addresses where the old ones ended', async () => {
    const store = open();
    const source = await store.open('model.safetensors');
    const into = new Uint8Array(10);
    for (const start of [0, 100, 200]) await source.read({ start, end: start + 10 }, into);
    const ways = () => server.requests.filter((name) => name.includes('/resolve/')).length;
    expect(ways()).toBe(2);
    server.expire();
    await source.read({ start: 300, end: 310 }, into);
    expect(Buffer.from(into)).toEqual(WEIGHTS.subarray(300, 310));
    expect(ways()).toBe(3);
    await store.close();
  });

  it.each([
    ['x-linked-etag', '"another"'],
    ['x-repo-commit', 'f'.repeat(40)],
  ])('by another %s has another file', async (name, value) => {
    const store = open();
    const source = await store.open('model.safetensors');
    server.inject('hub /team', { kind: 'header', name, value });
    await expect(source.read({ start: 0, end: 10 }, new Uint8Array(10))).rejects.toThrow(ObjectChanged);
    await store.close();
  });

  it.each([
    ['{"sha":"main"}', 'names no commit'],
    ['no json', 'no JSON'],
  ])('by the answer %s is not believed', async (text, message) => {
    server.inject('hub /api', ...Array.from({ length: 3 }, () => ({ kind: 'body', text }) as const));
    await expect(open().list()).rejects.toThrow(message);
  });

  it('by a wrong listing is not believed', async () => {
    const store = open();
    await store.list();
    for (const text of [
      '{}',
      '[{"type":"file","path":"a"}]',
      '[{"type":"file","path":"a","size":-1,"oid":"x"}]',
    ]) {
      server.inject('hub /api', { kind: 'body', text });
      await expect(store.list()).rejects.toThrow(StorageUnavailable);
    }
    await store.close();
  });

  it('stops when it is told to', async () => {
    const store = open();
    const source = await store.open('model.safetensors');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(source.read({ start: 0, end: 10 }, new Uint8Array(10), signal)).rejects.toThrow('enough');
    await store.close();
    await expect(source.read({ start: 0, end: 10 }, new Uint8Array(10))).rejects.toThrow('closed');
  });
});
