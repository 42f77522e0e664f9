import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DigestMismatch, StorageUnavailable } from '@jokbo/contracts';
import { extract } from 'tar';
import type { PublishedFile } from './releases.js';

/** A package of 110 MB over a slow line. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** Where the registry client puts `@scope/name@1.2.3`. */
function archiveName(packageSpec: string): string {
  return `${packageSpec.replace(/^@/, '').replace('/', '-').replace('@', '-')}.tgz`;
}

/**
 * Downloads an npm package with the user's own npm settings and unpacks some of its files.
 *
 * @param packageSpec `name@version`.
 * @param wanted paths below the package's root.
 * @param folder existing, empty; gets the archive and `package/<path>`.
 * @throws StorageUnavailable when npm cannot deliver the package.
 */
export async function unpackPackage(
  packageSpec: string,
  wanted: readonly string[],
  folder: string,
): Promise<void> {
  const args = ['pack', packageSpec, '--pack-destination', '.', '--loglevel', 'error'];
  try {
    await promisify(execFile)('npm', args, { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
  } catch (cause) {
    throw new StorageUnavailable('npm could not fetch the package', { object: packageSpec, cause });
  }
  const entries = new Set(wanted.map((path) => `package/${path}`));
  const file = join(folder, archiveName(packageSpec));
  await extract({ file, cwd: folder, filter: (path) => entries.has(path) });
}

/**
 * Reads an unpacked file whole.
 *
 * @throws DigestMismatch when it is not the published content.
 */
export async function readVerified(folder: string, { path, sha256 }: PublishedFile): Promise<Buffer> {
  const bytes = await readFile(join(folder, 'package', path));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new DigestMismatch(`the file is not the published one, sha256 ${sha256}`, {
      object: path,
      value: found,
    });
  return bytes;
}
