import { validateManifest } from '@jokbo/activities';
import { UsageError, type BundleManifest, type ObjectStore } from '@jokbo/contracts';
import { readWhole } from '@jokbo/storage';

/** Names of files in a report bundle. */
export const RESULT_FILE = 'result.json';
export const MANIFEST_FILE = 'manifest.json';

/** Largest manifest that is read: a fleet's has some megabytes. Bytes. */
const MAX_MANIFEST_BYTES = 256 * 1024 ** 2;

/**
 * The manifest of a bundle.
 *
 * @throws ObjectMissing where there is none; UsageError where it is not one.
 */
export async function readManifest(store: ObjectStore, signal?: AbortSignal): Promise<BundleManifest> {
  const document = await readJson(store, MANIFEST_FILE, MAX_MANIFEST_BYTES, signal);
  validateManifest(document);
  return document as BundleManifest;
}

/**
 * Reads a JSON file of a bundle.
 *
 * @throws ObjectMissing, and UsageError where it is not JSON.
 */
export async function readJson(
  store: ObjectStore,
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const source = await store.open(path, signal);
  try {
    const bytes = await readWhole(source, maxBytes, signal);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw new UsageError('this is not JSON', { object: source.uri, cause });
  } finally {
    await source.close();
  }
}
