import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createTaskRunner,
  fingerprintCheckpoint,
  openFingerprint,
  type Fingerprint,
  type ModelData,
} from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';

/** Folder of the zoo, with a trailing slash. */
export const ZOO = fileURLToPath(new URL('../zoo/', import.meta.url));

/** A JSON file of the zoo; the caller says what it is. */
export function zooJson(name: string): unknown {
  return JSON.parse(readFileSync(`${ZOO}${name}`, 'utf8'));
}

/** One model of the zoo, fingerprinted; at this size the sample is everything. */
export interface ZooModel {
  readonly path: string;
  readonly fingerprint: Fingerprint;
  readonly data: ModelData;
}

/** Loads models of the zoo by path, each once. */
export function zooLoader(): { load: (path: string) => Promise<ZooModel>; close: () => Promise<void> } {
  const runner = createTaskRunner({ threads: 1 });
  const parts = new Map<string, Uint8Array>();
  const store = {
    get: (key: string) => Promise.resolve(parts.get(key) ?? null),
    put: (key: string, bytes: Uint8Array) => {
      parts.set(key, bytes);
      return Promise.resolve();
    },
  };
  const models = new Map<string, Promise<ZooModel>>();
  async function read(path: string): Promise<ZooModel> {
    const folder = openStore(`${ZOO}${path}`);
    try {
      const checkpoint = await readCheckpoint(folder, folder.uri);
      const fingerprint = await fingerprintCheckpoint(checkpoint, folder, runner, store);
      return { path, fingerprint, data: openFingerprint(fingerprint) };
    } finally {
      await folder.close();
    }
  }
  return {
    load(path) {
      const known = models.get(path) ?? read(path);
      models.set(path, known);
      return known;
    },
    close: () => runner.close(),
  };
}
