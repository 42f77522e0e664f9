import { validateManifest } from '@jokbo/activities';
import { canonicalJson, UsageError, type BundleManifest, type ObjectStore } from '@jokbo/contracts';
import { readWhole } from '@jokbo/storage';

/** Names of files in a report bundle. */
export const RESULT_FILE = 'result.json';
export const MANIFEST_FILE = 'manifest.json';

/** Largest manifest that is read: a fleet's has some megabytes. Bytes. */
const MAX_MANIFEST_BYTES = 256 * 1024 ** 2;

/** A manifest as it lies in a bundle. */
export interface ReadManifest {
  readonly manifest: BundleManifest;
  /** Written as every manifest is: without white space, keys in order and once each, one line. */
  readonly isCanonical: boolean;
}

/**
 * The manifest of a bundle.
 *
 * @throws ObjectMissing where there is none; UsageError where it is not one.
 */
export async function readManifest(store: ObjectStore, signal?: AbortSignal): Promise<ReadManifest> {
  const { value, text } = await readJson(store, MANIFEST_FILE, MAX_MANIFEST_BYTES, signal);
  validateManifest(value);
  return { manifest: value as BundleManifest, isCanonical: text === `${canonicalJson(value)}\n` };
}

/**
 * Reads a JSON file of a bundle: its value, and its text.
 *
 * @throws ObjectMissing, and UsageError where it is not JSON.
 */
export async function readJson(
  store: ObjectStore,
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<{ readonly value: unknown; readonly text: string }> {
  const source = await store.open(path, signal);
  try {
    const bytes = await readWhole(source, maxBytes, signal);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: JSON.parse(text) as unknown, text };
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw new UsageError('this is not JSON', { object: source.uri, cause });
  } finally {
    await source.close();
  }
}
