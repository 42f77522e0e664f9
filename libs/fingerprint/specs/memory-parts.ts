import type { PartStore } from '../src/stored-fingerprint.js';

/** Finished parts in memory. */
export interface MemoryParts extends PartStore {
  readonly kept: Map<string, Uint8Array>;
}

export function memoryParts(): MemoryParts {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: (key) => Promise.resolve(kept.get(key) ?? null),
    put(key, value) {
      kept.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  };
}
