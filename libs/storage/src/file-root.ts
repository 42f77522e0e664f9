import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AccessDenied } from '@jokbo/contracts';
import { systemCode } from './file-errors.js';

/** `…/models--org--name/snapshots/<revision>`: a snapshot of a Hugging Face cache, whose files are links. */
const HUB_SNAPSHOT = /^(.*\/(?:models|datasets|spaces)--[^/]+)\/snapshots\/[^/]+(?:\/.*)?$/;

/** The real folders that a store may read: its root and, for a hub snapshot, the blobs that belong to it. */
export interface Root {
  readonly real: string;
  readonly readable: readonly string[];
}

/** Resolves the root of a store. Throws the system error when it is absent. */
export async function resolveRoot(folder: string): Promise<Root> {
  const real = await realpath(folder);
  const repository = HUB_SNAPSHOT.exec(real)?.[1];
  return { real, readable: repository === undefined ? [real] : [real, join(repository, 'blobs')] };
}

/**
 * The real path behind `path`, with every link followed. A link may point anywhere below the root; outside
 * it only to the blobs of the hub snapshot that the root is part of: a checkpoint is not trusted, and a
 * link in it must not make other files of this machine readable.
 *
 * @throws AccessDenied when the target lies elsewhere; the system error when there is none.
 */
export async function resolveReadable(root: Root, path: string, object: string): Promise<string> {
  const real = await realpath(path);
  if (!root.readable.some((folder) => isBelow(folder, real))) {
    throw new AccessDenied('A link leads out of the folder', { object, value: real });
  }
  return real;
}

/**
 * Checks that `folder`, which may not exist yet, lies or will lie below the root.
 *
 * @throws AccessDenied when a link leads out of the root.
 */
export async function checkWritable(root: string, folder: string, object: string): Promise<void> {
  const realRoot = await realpathOrUndefined(root);
  if (realRoot === undefined) return;
  let existing = folder;
  let real = await realpathOrUndefined(existing);
  while (real === undefined) {
    existing = dirname(existing);
    real = await realpathOrUndefined(existing);
  }
  if (!isBelow(realRoot, real)) {
    throw new AccessDenied('A link leads out of the folder', { object, value: real });
  }
}

async function realpathOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
