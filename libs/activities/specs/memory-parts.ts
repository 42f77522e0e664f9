import type { PartStore } from '@jokbo/fingerprint';

/** Parts that are kept as long as a test runs. */
export function memoryParts(): PartStore {
  const stored = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(stored.get(key) ?? null),
    put: (key, value) => {
      stored.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  };
}
