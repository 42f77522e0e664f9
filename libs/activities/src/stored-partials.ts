import { deserialize, serialize } from 'node:v8';
import type { TensorBackend } from '@jokbo/contracts';
import type { PartialResults } from '@jokbo/evidence';
import type { PartStore } from '@jokbo/fingerprint';
import { EVIDENCE_VERSION, numericClass, sha256 } from './evidence-store.js';

/**
 * Partial results in content-addressed storage, each under a key of all that it depends on. Their form is the structured
 * clone of V8, which keeps every number to the bit: JSON has no NaN, and 134 MB of sums would be 350 MB of text.
 */
export function storedPartials(parts: PartStore, backend: Pick<TensorBackend, 'name'>): PartialResults {
  return {
    async get<T>(name: readonly string[], make: () => Promise<T>): Promise<T> {
      const key = sha256(JSON.stringify(['partial', EVIDENCE_VERSION, ...name, ...numericClass(backend)]));
      const known = await parts.get(key);
      // A key names one measurement of one version, whose results have one type; the store has checked their digest. Arrays
      // lie in the memory that is read, which is not to be the store's own.
      if (known !== null) return deserialize(known.slice()) as T;
      const made = await make();
      await parts.put(key, serialize(made));
      return made;
    },
  };
}
