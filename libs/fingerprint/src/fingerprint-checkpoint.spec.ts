import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, ObjectChanged, type ObjectStore } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryParts, type MemoryParts } from '../specs/memory-parts.js';
import { memoryStore } from '../specs/memory-store.js';
import { seededRandom } from '../specs/seeded-random.js';
import { SHARDS, shardPath, smallLlama } from '../specs/small-llama.js';
import { fingerprintCheckpoint, type FingerprintOptions } from './fingerprint-checkpoint.js';
import type { Fingerprint } from './fingerprint-file.js';
import { samplesFile } from './samples.js';
import { createTaskRunner, type TaskRunner } from './task-runner.js';

const runner = createTaskRunner({ threads: 1 });
afterAll(() => runner.close());

async function fingerprintOf(
  store: ObjectStore,
  parts: MemoryParts = memoryParts(),
  options: FingerprintOptions = {},
  tasks: TaskRunner = runner,
): Promise<Fingerprint> {
  return fingerprintCheckpoint(await readCheckpoint(store, store.uri), store, tasks, parts, options);
}

/** Finishes tasks in another order than they were given: all wait until the last has come. */
function shuffledRunner(seed: number, expected: number): TaskRunner {
  const random = seededRandom(seed);
  const waiting: { order: number; go: () => Promise<void> }[] = [];
  async function release(): Promise<void> {
    for (const { go } of waiting.sort((a, b) => a.order - b.order)) await go();
  }
  return {
    prepare: () => undefined,
    run: (task, store, signal) =>
      new Promise((resolve, reject) => {
        const go = (): Promise<void> => runner.run(task, store, signal).then(resolve, reject);
        waiting.push({ order: random(), go });
        if (waiting.length === expected) void release();
      }),
    close: () => Promise.resolve(),
  };
}

function fileOf({ samples }: Fingerprint): Buffer {
  return Buffer.concat(samplesFile(samples));
}

const files = smallLlama(1);
const expected = await fingerprintOf(memoryStore(files));

describe('a fingerprint', () => {
  it('describes every tensor and every shard', () => {
    expect(expected.document.tensors).toHaveLength(30);
    expect(expected.document.excluded).toEqual([]);
    expect(expected.document.files.map(({ path }) => path)).toEqual(
      Array.from({ length: SHARDS }, (_, at) => shardPath(at)),
    );
  });

  it('has the same bytes whatever the order in which tasks end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const shuffled = shuffledRunner(seed, SHARDS);
        const made = await fingerprintOf(memoryStore(files), memoryParts(), {}, shuffled);
        expect(canonicalJson(made.document)).toBe(canonicalJson(expected.document));
        expect(fileOf(made).equals(fileOf(expected))).toBe(true);
      }),
      { numRuns: 12, seed: 3 },
    );
  });

  it('is that of a folder, and of its copy with other times, on disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jokbo moved '));
    try {
      const first = join(folder, 'first');
      await mkdir(first);
      for (const [path, bytes] of Object.entries(files)) await writeFile(join(first, path), bytes);
      const second = join(folder, 'elsewhere', 'second');
      await cp(first, second, { recursive: true });
      for (const path of Object.keys(files)) await utimes(join(second, path), 1, 1);
      const parts = memoryParts();
      for (const path of [first, second]) {
        const read: boolean[] = [];
        const made = await fingerprintOf(openStore(path), parts, {
          onTask: (_, wasRead) => read.push(wasRead),
        });
        expect(made.id).toBe(expected.id);
        expect(read).toEqual(Array.from({ length: SHARDS }, () => true));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('changes with any byte of any shard, in one tensor and one file', async () => {
    const random = seededRandom(4);
    for (let at = 0; at < SHARDS; at += 1) {
      const path = shardPath(at);
      const bytes = Uint8Array.from(files[path] ?? []);
      const headerEnd = 8 + new DataView(bytes.buffer).getUint32(0, true);
      const changed = headerEnd + Math.floor(random() * (bytes.length - headerEnd));
      bytes[changed] = (bytes[changed] ?? 0) ^ 1;
      const made = await fingerprintOf(memoryStore({ ...files, [path]: bytes }));
      expect(made.id).not.toBe(expected.id);
      const differing = (list: 'tensors' | 'files'): number =>
        made.document[list].filter(({ digest }, index) => digest !== expected.document[list][index]?.digest)
          .length;
      expect([differing('tensors'), differing('files')]).toEqual([1, 1]);
    }
  });

  it('changes with the header of a shard, though no tensor does', async () => {
    const path = shardPath(0);
    const bytes = Buffer.from(files[path] ?? []);
    const text = bytes
      .subarray(8, 8 + bytes.readUInt32LE(0))
      .toString()
      .trimEnd();
    const padded = Buffer.from(text.replace('{"', '{ "').padEnd(Math.ceil((text.length + 9) / 8) * 8));
    const length = Buffer.alloc(8);
    length.writeUInt32LE(padded.length);
    const moved = Buffer.concat([length, padded, bytes.subarray(8 + bytes.readUInt32LE(0))]);
    const made = await fingerprintOf(memoryStore({ ...files, [path]: moved }));
    expect(made.document.files[0]?.digest).not.toBe(expected.document.files[0]?.digest);
    expect(made.document.tensors).toEqual(expected.document.tensors);
  });
});

describe('fingerprintCheckpoint', () => {
  it('does not read an unchanged release again', async () => {
    const parts = memoryParts();
    const store = memoryStore(files);
    expect((await fingerprintOf(store, parts)).id).toBe(expected.id);
    const checkpoint = await readCheckpoint(store, store.uri);
    const before = store.reads.length;
    const seen: boolean[] = [];
    const again = await fingerprintCheckpoint(checkpoint, store, runner, parts, {
      onTask: (_, read) => seen.push(read),
    });
    expect(again).toEqual(expected);
    expect(store.reads.slice(before)).toEqual([]);
    expect(seen).toEqual(Array.from({ length: SHARDS }, () => false));
  });

  it('reads only the shard that was replaced', async () => {
    const parts = memoryParts();
    await fingerprintOf(memoryStore(files), parts);
    const store = memoryStore({ ...files, [shardPath(2)]: smallLlama(2)[shardPath(2)] ?? new Uint8Array(0) });
    const checkpoint = await readCheckpoint(store, store.uri);
    const before = store.reads.length;
    await fingerprintCheckpoint(checkpoint, store, runner, parts);
    expect(new Set(store.reads.slice(before))).toEqual(new Set([shardPath(2)]));
  });

  it('goes on after a failure with the tasks that are not finished', async () => {
    const parts = memoryParts();
    const store = memoryStore(files);
    const checkpoint = await readCheckpoint(store, store.uri);
    // A header and six tensors a shard: the third fails on its way.
    store.failAfter(2 * 7 + 3);
    await expect(fingerprintCheckpoint(checkpoint, store, runner, parts)).rejects.toThrow(ObjectChanged);
    expect(parts.kept.size).toBe(2);
    store.failAfter(Infinity);
    const before = store.reads.length;
    const seen: boolean[] = [];
    const made = await fingerprintCheckpoint(checkpoint, store, runner, parts, {
      onTask: (_, read) => seen.push(read),
    });
    expect(made.id).toBe(expected.id);
    expect(new Set(store.reads.slice(before))).toEqual(new Set([2, 3, 4].map(shardPath)));
    expect(seen.filter((read) => read)).toHaveLength(3);
  });

  it('stops at an abort with its reason, and keeps no fingerprint', async () => {
    const parts = memoryParts();
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopping = fingerprintOf(memoryStore(files), parts, {
      signal: controller.signal,
      onTask: () => controller.abort(reason),
    });
    await expect(stopping).rejects.toBe(reason);
    expect(parts.kept.size).toBeLessThan(SHARDS);
  });

  it('makes another fingerprint for another budget', async () => {
    const parts = memoryParts();
    const small = await fingerprintOf(memoryStore(files), parts, { features: 128 });
    const whole = await fingerprintOf(memoryStore(files), parts);
    expect(whole.id).toBe(expected.id);
    expect(fileOf(small).length).toBeLessThan(fileOf(whole).length / 1.5);
    const digests = (made: Fingerprint): string[] => made.document.tensors.map(({ digest }) => digest);
    expect(digests(small)).toEqual(digests(whole));
  });
});
