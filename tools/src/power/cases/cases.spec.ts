import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../model/model.js';
import { readModel } from '../model/read-model.js';
import { seededRandom } from '../model/seeded-random.js';
import { writeModel } from '../model/write-model.js';
import { POWER_CASES } from './index.js';

/** Kinds that train for a minute. */
const TRAINED = ['frozen embeddings', 'distillation', 'continued training'];

const models = new Map<string, Promise<Model>>();
const zoo = (path: string): Promise<Model> => {
  const model =
    models.get(path) ?? readModel(fileURLToPath(new URL(`../../../../test/zoo/${path}`, import.meta.url)));
  models.set(path, model);
  return model;
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo cases '));
});
afterAll(() => rm(folder, { recursive: true }));

describe('cases', () => {
  it.each(POWER_CASES.filter(({ kind }) => !TRAINED.includes(kind)))(
    '$id makes a checkpoint of which every tensor is understood',
    async ({ id, make, shards }) => {
      const at = join(folder, id);
      await writeModel(at, await make(zoo, seededRandom(id)), { shards });
      const store = openStore(at);
      const checkpoint = await readCheckpoint(store, store.uri);
      await store.close();
      expect(checkpoint.excluded).toEqual([]);
      expect(checkpoint.tokenizer).not.toBeNull();
      expect(checkpoint.findings.filter((finding) => !/^unlisted-architecture: /.test(finding))).toEqual([]);
    },
  );
});
