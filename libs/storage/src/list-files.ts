import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MalformedCheckpoint, type ObjectInfo } from '@jokbo/contracts';
import { systemCode } from './file-errors.js';
import { resolveReadable, type Root } from './file-root.js';
import { fileEtag } from './file-source.js';
import { byPath } from './object-path.js';
import { MAX_LISTED, MAX_LISTING_DEPTH } from './listing-limits.js';
import { isUnfinished } from './write-file.js';

/**
 * Every regular file below `folder`, in path order, through links as {@link resolveReadable} allows. Links
 * without a target, files that vanish meanwhile, unfinished writes, pipes and devices are no objects.
 *
 * @param folder Absolute path; it need not exist.
 * @param below Path of `folder` below the root of the store, `''` for the root.
 * @throws AccessDenied when a link leads out of the root: an incomplete listing would look complete.
 * @throws MalformedCheckpoint (`too-many-objects`, `too-deep`).
 */
export async function listFiles(
  root: Root,
  folder: string,
  below: string,
  object: string,
  signal?: AbortSignal,
): Promise<readonly ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  const start = await present(resolveReadable(root, folder, object));
  if (start !== undefined) await walk(folder, below, [start]);
  return found.sort(byPath);

  async function walk(directory: string, path: string, open: readonly string[]): Promise<void> {
    signal?.throwIfAborted();
    if (open.length > MAX_LISTING_DEPTH) {
      throw new MalformedCheckpoint('too-deep', 'Folders are nested too deep', { object, value: path });
    }
    for (const name of (await present(readdir(directory))) ?? []) {
      if (isUnfinished(name)) continue;
      const child = join(directory, name);
      const childPath = path === '' ? name : `${path}/${name}`;
      const real = await present(resolveReadable(root, child, pathToFileURL(child).href));
      const stats = await present(stat(child, { bigint: true }));
      if (real === undefined || stats === undefined) continue;
      if (stats.isFile()) add(childPath, stats);
      // A folder that is being walked already is a link back to one above: its files are listed there.
      else if (stats.isDirectory() && !open.includes(real)) await walk(child, childPath, [...open, real]);
    }
  }

  function add(path: string, stats: BigIntStats): void {
    if (found.length >= MAX_LISTED) {
      throw new MalformedCheckpoint('too-many-objects', `More than ${MAX_LISTED} objects`, { object });
    }
    found.push({ path, size: Number(stats.size), etag: fileEtag(stats) });
  }
}

async function present<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ELOOP') return undefined;
    throw error;
  }
}
