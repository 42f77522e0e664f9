import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessDenied,
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  StorageUnavailable,
} from '@jokbo/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.js';
import { readRange, readWhole } from './read-range.js';

const BYTES = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);

/** `lib.es2023` declares no WebAssembly. */
const wasm = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (pages: { initial: number; maximum: number; shared: boolean }) => {
      readonly buffer: SharedArrayBuffer;
    };
  };
};

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'jokbo-storage-'));
  root = join(base, 'root');
  await mkdir(root);
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

describe.each([false, true])('reading files, blocking: %s', (blockingReads) => {
  it('gives any range, into any kind of memory', async () => {
    await writeFile(join(root, 'x.bin'), BYTES);
    const source = await openStore(root, { blockingReads }).open('x.bin');
    expect(source.size).toBe(BYTES.length);
    expect(source.uri).toBe(`file://${root}/x.bin`);
    const pair = fc.tuple(fc.nat(BYTES.length), fc.nat(BYTES.length));
    await fc.assert(
      fc.asyncProperty(pair, fc.constantFrom('own', 'shared', 'wasm'), async ([a, b], kind) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const into = memory(kind, end - start);
        await source.read({ start, end }, into);
        expect(Buffer.compare(Buffer.from(into), BYTES.subarray(start, end))).toBe(0);
      }),
      { numRuns: 60 },
    );
    await source.close();
    await source.close();
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1))).rejects.toThrow(StorageUnavailable);
  });

  it('serves many reads of one file at a time', async () => {
    await writeFile(join(root, 'x.bin'), BYTES);
    const source = await openStore(root, { blockingReads }).open('x.bin');
    const reads = Array.from({ length: 64 }, (_, index) =>
      readRange(source, index * 1000, index * 1000 + 900),
    );
    (await Promise.all(reads)).forEach((bytes, index) => {
      expect(bytes).toEqual(BYTES.slice(index * 1000, index * 1000 + 900));
    });
    await source.close();
  });

  it('refuses ranges outside the file and memory of another length', async () => {
    await writeFile(join(root, 'x.bin'), 'abc');
    const source = await openStore(root, { blockingReads }).open('x.bin');
    for (const [start, end] of [
      [-1, 1],
      [2, 1],
      [0, 4],
      [0.5, 1],
      [0, Number.NaN],
    ] as const) {
      await expect(source.read({ start, end }, new Uint8Array(1))).rejects.toThrow(MalformedCheckpoint);
    }
    await expect(source.read({ start: 0, end: 2 }, new Uint8Array(3))).rejects.toThrow(RangeError);
    await source.close();
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['appended to', (path) => appendFile(path, 'z')],
    ['truncated', (path) => truncate(path, 10)],
    ['removed', (path) => rm(path)],
    [
      'overwritten in place',
      async (path) => {
        await writeFile(path, Buffer.alloc(BYTES.length));
        await utimes(path, 1, 1);
      },
    ],
    [
      'replaced by one of the same length',
      async (path) => {
        await writeFile(`${path}.new`, BYTES);
        await rename(`${path}.new`, path);
      },
    ],
  ])('notices that a file was %s', async (_, change) => {
    const path = join(root, 'x.bin');
    await writeFile(path, BYTES);
    const source = await openStore(root, { blockingReads }).open('x.bin');
    await source.read({ start: 0, end: 10 }, new Uint8Array(10));
    await change(path);
    await expect(source.read({ start: 50, end: 90 }, new Uint8Array(40))).rejects.toThrow(ObjectChanged);
    await source.close();
  });

  it('throws the reason of an aborted signal', async () => {
    await writeFile(join(root, 'x.bin'), BYTES);
    const store = openStore(root, { blockingReads });
    const source = await store.open('x.bin');
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1), signal)).rejects.toBe(reason);
    await expect(store.open('x.bin', signal)).rejects.toBe(reason);
    await expect(store.list('', signal)).rejects.toBe(reason);
    await expect(store.write('y', BYTES, signal)).rejects.toBe(reason);
    expect(await readdir(root)).toEqual(['x.bin']);
    await source.close();
  });

  it('does not open what is no regular file', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await mkdir(join(root, 'folder'));
    await writeFile(join(root, 'file'), 'x');
    const store = openStore(root, { blockingReads });
    for (const path of ['pipe', 'folder', 'absent', 'file/below']) {
      await expect(store.open(path)).rejects.toThrow(ObjectMissing);
    }
    expect((await store.list()).map(({ path }) => path)).toEqual(['file']);
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '', '.', 'a//b', 'a\0b', 'x'.repeat(1025)])(
    'refuses the path %j',
    async (path) => {
      await writeFile(join(base, 'x'), 'secret');
      const store = openStore(root, { blockingReads });
      await expect(store.open(path)).rejects.toThrow(MalformedCheckpoint);
      await expect(store.write(path, BYTES)).rejects.toThrow(MalformedCheckpoint);
      await expect(store.remove(path)).rejects.toThrow(MalformedCheckpoint);
    },
  );

  it('names a path that the file system cannot hold', async () => {
    await expect(openStore(root).open('x'.repeat(300))).rejects.toThrow(MalformedCheckpoint);
  });

  it('hears of an abort within some reads', async () => {
    await writeFile(join(root, 'x.bin'), BYTES);
    const source = await openStore(root, { blockingReads }).open('x.bin');
    const controller = new AbortController();
    const reason = new Error('enough');
    setImmediate(() => controller.abort(reason));
    const readOn = async (): Promise<void> => {
      const into = new Uint8Array(10);
      for (;;) await source.read({ start: 0, end: 10 }, into, controller.signal);
    };
    await expect(readOn()).rejects.toBe(reason);
    await source.close();
  });
});

describe('links', () => {
  it('are followed below the root, also in circles', async () => {
    await mkdir(join(root, 'a'));
    await writeFile(join(root, 'a', 'x'), 'x');
    await symlink('a', join(root, 'b'));
    await symlink('..', join(root, 'a', 'up'));
    await symlink('nowhere', join(root, 'dangling'));
    const store = openStore(root);
    expect((await store.list()).map(({ path }) => path)).toEqual(['a/x', 'b/x']);
    const source = await store.open('b/x');
    expect(Buffer.from(await readWhole(source, 10)).toString()).toBe('x');
    await source.close();
    await expect(store.open('dangling')).rejects.toThrow(ObjectMissing);
  });

  it('do not lead out of the root, for reading, listing, writing and removing', async () => {
    await mkdir(join(base, 'outside'));
    await writeFile(join(base, 'outside', 'secret'), 'secret');
    await symlink('../outside', join(root, 'way'));
    const store = openStore(root);
    await expect(store.open('way/secret')).rejects.toThrow(AccessDenied);
    await expect(store.list()).rejects.toThrow(AccessDenied);
    await expect(store.write('way/new', BYTES)).rejects.toThrow(AccessDenied);
    await expect(store.write('way/deeper/new', BYTES)).rejects.toThrow(AccessDenied);
    await expect(store.remove('way/secret')).rejects.toThrow(AccessDenied);
    expect(await readdir(join(base, 'outside'))).toEqual(['secret']);
  });

  it('of a hub snapshot lead to the blobs of its repository and nowhere else', async () => {
    const repository = join(base, 'models--org--name');
    const snapshot = join(repository, 'snapshots', 'abc');
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(repository, 'blobs'));
    await writeFile(join(repository, 'blobs', '1234'), 'weights');
    await writeFile(join(base, 'secret'), 'secret');
    await symlink('../../blobs/1234', join(snapshot, 'model.safetensors'));
    const store = openStore(snapshot);
    expect(await store.list()).toMatchObject([{ path: 'model.safetensors', size: 7 }]);
    const source = await store.open('model.safetensors');
    expect(Buffer.from(await readWhole(source, 10)).toString()).toBe('weights');
    await rm(join(snapshot, 'model.safetensors'));
    await symlink('../../../secret', join(snapshot, 'model.safetensors'));
    await expect(source.read({ start: 0, end: 1 }, new Uint8Array(1))).rejects.toThrow(ObjectChanged);
    await expect(store.open('model.safetensors')).rejects.toThrow(AccessDenied);
    await source.close();
  });
});

describe('listing files', () => {
  it('gives path order, the length, and the etag of the source', async () => {
    const store = openStore(`file://${root}`);
    for (const path of ['b', 'a/z', 'a-b', 'a/deep/er', 'Z']) await store.write(path, Buffer.from(path));
    const listed = await store.list();
    expect(listed.map(({ path }) => path)).toEqual(['Z', 'a-b', 'a/deep/er', 'a/z', 'b']);
    for (const { path, size, etag } of listed) {
      const source = await store.open(path);
      expect([source.size, source.etag]).toEqual([size, etag]);
      await source.close();
    }
    expect((await store.list('a')).map(({ path }) => path)).toEqual(['a/deep/er', 'a/z']);
    expect(await store.list('a/')).toEqual(await store.list('a'));
    expect(await store.list('absent')).toEqual([]);
    expect(await store.list('b')).toEqual([]);
    await expect(store.list('../')).rejects.toThrow(MalformedCheckpoint);
  });

  it('is empty for an absent folder, but a file is no folder', async () => {
    await writeFile(join(root, 'x'), 'x');
    expect(await openStore(join(root, 'absent')).list()).toEqual([]);
    await expect(openStore(join(root, 'x')).list()).rejects.toThrow(ObjectMissing);
  });

  it('ends in a tree that links make deep', async () => {
    let folder = root;
    for (let depth = 0; depth < 70; depth += 1) folder = join(folder, 'd');
    await mkdir(folder, { recursive: true });
    await expect(openStore(root).list()).rejects.toMatchObject({ rule: 'too-deep' });
  });
});

describe('writing files', () => {
  it('creates folders, replaces whole files and leaves nothing else', async () => {
    const store = openStore(join(root, 'new'));
    await store.write('a/b/c', BYTES);
    await store.write('a/b/c', new Uint8Array(new SharedArrayBuffer(3)));
    await store.write('empty', new Uint8Array(0));
    expect([...(await readFile(join(root, 'new/a/b/c')))]).toEqual([0, 0, 0]);
    expect((await stat(join(root, 'new/empty'))).size).toBe(0);
    expect(await readdir(join(root, 'new/a/b'))).toEqual(['c']);
    await store.remove('a/b/c');
    await store.remove('a/b/c');
    await expect(store.open('a/b/c')).rejects.toThrow(ObjectMissing);
    await store.close();
  });

  it('replaces a link rather than what it points to', async () => {
    await writeFile(join(root, 'target'), 'old');
    await symlink('target', join(root, 'link'));
    await openStore(root).write('link', Buffer.from('new'));
    expect(await readFile(join(root, 'target'), 'utf8')).toBe('old');
    expect(await readFile(join(root, 'link'), 'utf8')).toBe('new');
  });

  it('shows readers a whole version at any time', async () => {
    const store = openStore(root);
    const versions = [Buffer.alloc(50_000, 1), Buffer.alloc(70_000, 2)] as const;
    await store.write('x', versions[0]);
    const writer = (async () => {
      for (let round = 0; round < 40; round += 1) await store.write('x', versions[round % 2 === 0 ? 1 : 0]);
    })();
    let whole = 0;
    for (let round = 0; round < 100; round += 1) {
      const source = await store.open('x');
      try {
        const bytes = await readWhole(source, 1e6);
        expect(new Set(bytes).size).toBe(1);
        expect(bytes.length).toBe(bytes[0] === 1 ? 50_000 : 70_000);
        whole += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(ObjectChanged);
      } finally {
        await source.close();
      }
    }
    await writer;
    expect(whole).toBeGreaterThan(0);
  });
});

function memory(kind: 'own' | 'shared' | 'wasm', length: number): Uint8Array {
  if (kind === 'own') return new Uint8Array(length);
  if (kind === 'shared') return new Uint8Array(new SharedArrayBuffer(length + 7), 7);
  return new Uint8Array(
    new wasm.WebAssembly.Memory({ initial: 2, maximum: 4, shared: true }).buffer,
    11,
    length,
  );
}
