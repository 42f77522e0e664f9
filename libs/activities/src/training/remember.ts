import { canonicalJson } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadJson, sha256, storeJson } from '../evidence-store.js';

/** Raised whenever the same inputs would give other measurements of a trajectory. */
export const TRAJECTORY_VERSION = 1;

/**
 * A measurement that is made once: kept under a key of everything that it depends on, so that a run that was ended
 * repeats only what was not finished.
 *
 * @param inputs JSON that names the measurement and all that goes into it.
 */
export async function remember<T>(
  parts: PartStore,
  inputs: readonly unknown[],
  measure: () => Promise<T>,
): Promise<T> {
  const key = sha256(canonicalJson(['trajectory', TRAJECTORY_VERSION, ...inputs]));
  const known = await loadJson<T>(parts, key);
  if (known !== null) return known;
  const measured = await measure();
  await storeJson(parts, key, measured);
  return measured;
}
