import { mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSource, ObjectInfo, ObjectStore } from '@jokbo/contracts';
import { fileFailure, systemCode } from './file-errors.js';
import { checkWritable, resolveReadable, resolveRoot } from './file-root.js';
import { openFileSource } from './file-source.js';
import { listFiles } from './list-files.js';
import { checkObjectPath, listingFolder } from './object-path.js';
import type { StoreOptions } from './store-options.js';
import { formatUri, joinUri } from './uri.js';
import { writeFileAtomically } from './write-file.js';

/**
 * A folder as a store of objects. Links are followed as far as they stay below the folder; one exception,
 * for reading only, are the blobs of the Hugging Face snapshot that the folder is part of. A running read
 * of a file cannot be taken back: an abort waits for the piece of at most 16 MiB that is under way.
 *
 * @param folder Absolute path; created by the first write.
 */
export function createFileStore(folder: string, { blockingReads = false }: StoreOptions = {}): ObjectStore {
  const uri = formatUri({ scheme: 'file', folder });

  async function list(prefix = '', signal?: AbortSignal): Promise<readonly ObjectInfo[]> {
    const below = listingFolder(prefix, uri);
    return naming(joinUri(uri, below), signal, async () => {
      try {
        return await listFiles(await resolveRoot(folder), join(folder, below), below, uri, signal);
      } catch (error) {
        const code = systemCode(error);
        if (code === 'ENOENT' || (code === 'ENOTDIR' && below !== '')) return [];
        throw error;
      }
    });
  }

  async function openSource(path: string, signal?: AbortSignal): Promise<ByteSource> {
    checkObjectPath(path, uri);
    const object = joinUri(uri, path);
    return naming(object, signal, async () => {
      const file = join(folder, path);
      const real = await resolveReadable(await resolveRoot(folder), file, object);
      return openFileSource(real, file, object, blockingReads);
    });
  }

  async function write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkObjectPath(path, uri);
    const object = joinUri(uri, path);
    await naming(object, signal, async () => {
      const file = join(folder, path);
      await checkWritable(folder, dirname(file), object);
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomically(file, bytes, signal);
    });
  }

  async function remove(path: string): Promise<void> {
    checkObjectPath(path, uri);
    const object = joinUri(uri, path);
    await naming(object, undefined, async () => {
      const file = join(folder, path);
      await checkWritable(folder, dirname(file), object);
      try {
        await unlink(file);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
      }
    });
  }

  return { uri, list, open: openSource, write, remove, close: () => Promise.resolve() };
}

async function naming<T>(
  object: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw fileFailure(error, object);
  }
}
