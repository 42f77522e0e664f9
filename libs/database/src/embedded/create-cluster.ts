import { DatabaseUnavailable } from '@jokbo/contracts';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './platform-binaries.js';
import { runCommand } from './run-command.js';
import type { ServerUser } from './server-user.js';

/** Files of one embedded server. */
export interface Cluster {
  /** Folder that holds all the others. */
  readonly root: string;
  readonly data: string;
  readonly log: string;
  readonly password: string;
}

const PASSWORD_BYTES = 24;
const PARTIAL_PREFIX = 'cluster.partial-';
/** initdb takes seconds and is cut off after two minutes: what is older was left by a killed process. */
const ABANDONED_AFTER_MS = 600_000;

/** Where the cluster of a directory lies. */
export function clusterRoot(directory: string): string {
  return join(directory, 'cluster');
}

/**
 * Opens the cluster of a directory, and makes it when there is none: in a folder of its own that is renamed when
 * it is complete, so that neither a kill nor a second process leaves half a cluster.
 *
 * @throws DatabaseUnavailable when initdb fails, or the data are of another major version of Postgres.
 */
export async function openCluster(directory: string, user: ServerUser): Promise<Cluster> {
  const root = clusterRoot(directory);
  const data = join(root, 'data');
  let version = await readVersion(data);
  // Also beside a finished one: the run that goes on after a kill makes its own, and is too early to remove the other.
  await removeAbandonedClusters(directory);
  if (version === null) {
    await createCluster(directory, root, user);
    version = await readVersion(data);
  }
  if (version !== user.binaries.major) {
    throw new DatabaseUnavailable(
      `the directory holds data of Postgres ${version ?? '(unknown)'}, this version of the tool runs Postgres ` +
        `${user.binaries.major}: use another directory, or the version that wrote it`,
      { object: data },
    );
  }
  const password = (await readFile(join(root, 'password'), 'utf8')).trim();
  return { root, data, log: join(root, 'server.log'), password };
}

async function createCluster(directory: string, root: string, user: ServerUser): Promise<void> {
  const partial = await mkdtemp(join(directory, PARTIAL_PREFIX));
  const passwordFile = join(partial, 'password');
  try {
    await writeFile(passwordFile, `${randomBytes(PASSWORD_BYTES).toString('hex')}\n`, { mode: 0o600 });
    if (user.owner !== null) {
      await chown(passwordFile, user.owner.uid, user.owner.gid);
      await chown(partial, user.owner.uid, user.owner.gid);
    }
    const { code, output } = await runCommand([
      ...user.prefix,
      join(user.binaries.native, 'bin', 'initdb'),
      `--pgdata=${join(partial, 'data')}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      // The built-in provider sorts by code point on every system, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      // One call for the whole file system instead of one per file: 3 s less, as durable.
      ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
    ]);
    if (code !== 0) {
      throw new DatabaseUnavailable(`initdb failed: ${output.trim()}`, { object: directory, value: code });
    }
    await rename(partial, root);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process was faster: its cluster is used.
    if (!isErrno(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
  }
}

async function removeAbandonedClusters(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(PARTIAL_PREFIX)) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
      // What belongs to another user stays: it is in nobody's way.
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function readVersion(data: string): Promise<string | null> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw new DatabaseUnavailable('cannot read the data directory', { object: data, cause: error });
  }
}
