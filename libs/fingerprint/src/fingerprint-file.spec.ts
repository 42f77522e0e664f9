import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DigestMismatch, MalformedCheckpoint, canonicalJson } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { encodeSafetensors } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryParts } from '../specs/memory-parts.js';
import { memoryStore, type MemoryStore } from '../specs/memory-store.js';
import { smallLlama } from '../specs/small-llama.js';
import { fingerprintCheckpoint } from './fingerprint-checkpoint.js';
import {
  FINGERPRINT_FILE,
  SAMPLES_FILE,
  readFingerprint,
  sealFingerprint,
  writeFingerprint,
  type Fingerprint,
} from './fingerprint-file.js';
import { openFingerprint } from './open-fingerprint.js';
import { samplesFile } from './samples.js';
import { loadFingerprint, storeFingerprint } from './stored-fingerprint.js';
import { createTaskRunner } from './task-runner.js';

const runner = createTaskRunner({ threads: 1 });
afterAll(() => runner.close());

const model = memoryStore(smallLlama(1));
const fingerprint = await fingerprintCheckpoint(
  await readCheckpoint(model, model.uri),
  model,
  runner,
  memoryParts(),
);

async function written(changes: Readonly<Record<string, Uint8Array | string>> = {}): Promise<MemoryStore> {
  const store = memoryStore({});
  await writeFingerprint(fingerprint, store);
  for (const [path, bytes] of Object.entries(changes)) await store.write(path, Buffer.from(bytes));
  return store;
}

function fileOf({ samples }: Fingerprint): Buffer {
  return Buffer.concat(samplesFile(samples));
}

async function failureOf(store: MemoryStore): Promise<unknown> {
  return readFingerprint(store).then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a fingerprint as files', () => {
  it('comes back as it was written, below a prefix of a folder too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jokbo fingerprint '));
    try {
      const store = openStore(folder);
      await writeFingerprint(fingerprint, store, 'a/b/');
      expect((await readdir(join(folder, 'a', 'b'))).sort()).toEqual([FINGERPRINT_FILE, SAMPLES_FILE]);
      const read = await readFingerprint(store, 'a/b/');
      expect([read.id, read.document]).toEqual([fingerprint.id, fingerprint.document]);
      expect(fileOf(read).equals(fileOf(fingerprint))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is refused when any of its samples changed', async () => {
    const file = fileOf(fingerprint);
    for (const at of [-1, -1000, -20_000]) {
      const samples = Uint8Array.from(file);
      samples[file.length + at] = (samples.at(at) ?? 0) ^ 0x80;
      const failure = await failureOf(await written({ [SAMPLES_FILE]: samples }));
      expect(failure).toBeInstanceOf(DigestMismatch);
      expect(failure).toMatchObject({ object: `memory:////${SAMPLES_FILE}` });
    }
    for (const samples of [file.subarray(0, -1), file.subarray(1), Buffer.concat([file, file])]) {
      expect(await failureOf(await written({ [SAMPLES_FILE]: samples }))).toBeInstanceOf(MalformedCheckpoint);
    }
  });

  it('is refused when a sample is missing, or one too many', async () => {
    const [first, ...others] = fingerprint.samples.values();
    if (first === undefined) throw new Error('nothing was sampled');
    for (const tensors of [others, [first, ...others, { ...first, name: 'more' }]]) {
      const failure = await failureOf(await written({ [SAMPLES_FILE]: encodeSafetensors(tensors) }));
      expect(failure).toBeInstanceOf(DigestMismatch);
    }
  });

  it.each([
    ['an unknown schema', { ...fingerprint.document, schema_version: 2 }],
    ['another sampling scheme', { ...fingerprint.document, sampling: 'jokbo-sample-0' }],
    ['no tensors', { ...fingerprint.document, tensors: null }],
    [
      'a tensor twice',
      {
        ...fingerprint.document,
        tensors: [...fingerprint.document.tensors, fingerprint.document.tensors[0]],
      },
    ],
    ['a list', []],
    ['null', null],
  ])('is refused with %s', async (_, document) => {
    const failure = await failureOf(await written({ [FINGERPRINT_FILE]: JSON.stringify(document) }));
    expect(failure).toBeInstanceOf(MalformedCheckpoint);
    expect(failure).toMatchObject({ rule: 'fingerprint', object: `memory:////${FINGERPRINT_FILE}` });
  });

  it.each([
    ['no JSON', Buffer.from('{"schema_version":1')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('is refused with %s', async (_, bytes) => {
    expect(await failureOf(await written({ [FINGERPRINT_FILE]: bytes }))).toMatchObject({
      rule: 'fingerprint',
    });
  });

  it('is refused with another address of the samples', async () => {
    const document = { ...fingerprint.document, samples_digest: '0'.repeat(64) };
    const failure = await failureOf(await written({ [FINGERPRINT_FILE]: JSON.stringify(document) }));
    expect(failure).toBeInstanceOf(DigestMismatch);
    expect(failure).toMatchObject({ object: `memory:////${FINGERPRINT_FILE}`, value: '0'.repeat(64) });
  });

  it('has an id that follows from its content, not from the order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(fingerprint.document).reverse());
    const again = JSON.parse(JSON.stringify(reversed)) as typeof fingerprint.document;
    expect(sealFingerprint(again, fingerprint.samples).id).toBe(fingerprint.id);
    expect(sealFingerprint({ ...again, features: 1 }, fingerprint.samples).id).not.toBe(fingerprint.id);
  });
});

describe('a stored fingerprint', () => {
  it('comes back by its id, and is none without its samples', async () => {
    const parts = memoryParts();
    await storeFingerprint(parts, fingerprint);
    const loaded = await loadFingerprint(parts, fingerprint.id);
    expect(canonicalJson(loaded?.document)).toBe(canonicalJson(fingerprint.document));
    expect(await loadFingerprint(parts, '0'.repeat(64))).toBeNull();
    parts.kept.delete(fingerprint.document.samples_digest);
    expect(await loadFingerprint(parts, fingerprint.id)).toBeNull();
  });
});

describe('openFingerprint', () => {
  it('hands out every sample with the dtype and shape that the document names', async () => {
    const data = openFingerprint(fingerprint);
    let sampled = 0;
    for (const { key, sample } of fingerprint.document.tensors) {
      const factor = await data.factor(key);
      if (sample === null) {
        expect(factor).toBeNull();
        continue;
      }
      sampled += 1;
      expect(factor?.view.shape).toEqual([sample.features, sample.units]);
      expect(factor?.view.bytes.length).toBe(sample.features * sample.units * 2);
      expect(factor?.indices).toEqual(sample.indices);
    }
    expect(sampled).toBe(30);
    expect(await data.factor('no such tensor')).toBeNull();
  });

  it.each([
    ['is missing', { key: 'other' }, {}],
    ['has other features', {}, { features: 1 }],
    ['has other units', {}, { units: 31 }],
    ['has another dtype', {}, { dtype: 'F16' as const }],
    ['has too few indices', {}, { indices: [0] }],
    ['has no tokens', {}, { by: 'token' as const }],
  ])('refuses a sample that %s', async (_, tensorFields, sampleFields) => {
    const [first, ...others] = fingerprint.document.tensors;
    if (first?.sample == null) throw new Error('nothing was sampled');
    const changed = { ...first, ...tensorFields, sample: { ...first.sample, ...sampleFields } };
    const document = { ...fingerprint.document, tensors: [changed, ...others] };
    const data = openFingerprint(sealFingerprint(document, fingerprint.samples));
    await expect(data.factor(changed.key)).rejects.toThrow(MalformedCheckpoint);
  });
});
