import { DigestMismatch, type FingerprintDocument } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryParts, type MemoryParts } from '../specs/memory-parts.js';
import { memoryStore } from '../specs/memory-store.js';
import { smallLlama } from '../specs/small-llama.js';
import { fingerprintCheckpoint } from './fingerprint-checkpoint.js';
import type { Fingerprint } from './fingerprint-file.js';
import { openFingerprint } from './open-fingerprint.js';
import { openStoredFingerprint } from './open-stored.js';
import { samplesFile } from './samples.js';
import type { OpenPart, PartStore } from './stored-fingerprint.js';
import { createTaskRunner } from './task-runner.js';

const runner = createTaskRunner({ threads: 1 });
afterAll(() => runner.close());

let parts: MemoryParts;
let fingerprint: Fingerprint;
let samples: Uint8Array;
beforeAll(async () => {
  const model = memoryStore(smallLlama(1));
  const checkpoint = await readCheckpoint(model, model.uri);
  parts = memoryParts();
  fingerprint = await fingerprintCheckpoint(checkpoint, model, runner, parts);
  samples = new Uint8Array(Buffer.concat(samplesFile(fingerprint.samples)));
});

/** The stored parts, of which the samples can be opened; what is read of them is noted. */
function opened(bytes: Uint8Array): PartStore & { readonly ranges: [number, number][]; closed: number } {
  const store = { ...parts, ranges: [] as [number, number][], closed: 0 };
  const part: OpenPart = {
    uri: 'memory:///samples',
    length: bytes.length,
    read(start, end) {
      store.ranges.push([start, end]);
      return Promise.resolve(bytes.slice(start, end));
    },
    close() {
      store.closed += 1;
      return Promise.resolve();
    },
  };
  return Object.assign(store, {
    open: (key: string) => Promise.resolve(key === fingerprint.document.samples_digest ? part : null),
  });
}

const sampledKeys = ({ tensors }: FingerprintDocument): string[] =>
  tensors.flatMap(({ key, sample }) => (sample === null ? [] : [key]));

describe('a stored fingerprint that is opened', () => {
  it('is none where it, or its samples, are not kept', async () => {
    expect(await openStoredFingerprint(parts, '0'.repeat(64))).toBeNull();
    const lacking = {
      ...parts,
      get: (key: string) => (key === fingerprint.id ? parts.get(key) : Promise.resolve(null)),
    };
    expect(await openStoredFingerprint(lacking, fingerprint.id)).toBeNull();
  });

  it('is read whole where it is small', async () => {
    const store = opened(samples);
    const data = await openStoredFingerprint(store, fingerprint.id);
    expect(store).toMatchObject({ ranges: [], closed: 1 });
    expect(await data?.factor(sampledKeys(fingerprint.document)[0] ?? '')).not.toBeNull();
  });

  it('gives the samples of a large one as they are, each read when it is asked for', async () => {
    const store = opened(samples);
    const data = await openStoredFingerprint(store, fingerprint.id, 0);
    const whole = openFingerprint(fingerprint);
    const before = store.ranges.length;
    for (const key of sampledKeys(fingerprint.document)) {
      expect(await data?.factor(key)).toEqual(await whole.factor(key));
    }
    expect(store.ranges.length - before).toBe(sampledKeys(fingerprint.document).length);
    expect(await data?.factor('no such tensor')).toBeNull();
    await data?.close();
    expect(store.closed).toBe(1);
  });

  it('finds a damaged sample when it is asked for, and no other', async () => {
    const damaged = Uint8Array.from(samples);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const data = await openStoredFingerprint(opened(damaged), fingerprint.id, 0);
    const failures: unknown[] = [];
    for (const key of sampledKeys(fingerprint.document)) {
      await data?.factor(key).catch((error: unknown) => failures.push(error));
    }
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(DigestMismatch);
    expect(failures[0]).toMatchObject({ object: 'memory:///samples' });
  });

  it('is closed where its header is no header', async () => {
    const store = opened(Uint8Array.from(samples).fill(255, 0, 8));
    await expect(openStoredFingerprint(store, fingerprint.id, 0)).rejects.toMatchObject({
      rule: 'header-length',
    });
    expect(store.closed).toBe(1);
  });
});
