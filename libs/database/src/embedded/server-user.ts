import { DatabaseUnavailable } from '@jokbo/contracts';
import { chown, readdir, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { copyBinaries, type PlatformBinaries } from './platform-binaries.js';
import { runCommand } from './run-command.js';

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Under which identity the server runs: Postgres refuses root, and initdb a uid without an account. */
export interface ServerUser {
  /** Command that goes before a Postgres binary; empty = none. */
  readonly prefix: readonly string[];
  /** Who has to own the cluster's files; null = whoever runs this process. */
  readonly owner: Account | null;
  /** Binaries that this identity can execute. */
  readonly binaries: PlatformBinaries;
}

/** Uid of `nobody` on Linux; also what an unmapped uid looks like inside a user namespace. */
const NOBODY = 65_534;

/**
 * Chooses the identity for a server in `directory`:
 * - an ordinary user: itself;
 * - root, where the cluster belongs to another user: that user, by setpriv;
 * - root, or a uid without an account: a user namespace in which the own uid has an account's number, so that
 *   files stay one's own; where namespaces are refused, root falls back to setpriv to `nobody`, with a copy of the
 *   binaries where `nobody` cannot reach the installed ones.
 *
 * @param cluster folder of the cluster; it need not exist.
 * @throws DatabaseUnavailable when none of these works.
 */
export async function chooseServerUser(
  binaries: PlatformBinaries,
  directory: string,
  cluster: string,
): Promise<ServerUser> {
  const uid = process.getuid?.();
  if (uid === undefined || (uid !== 0 && hasAccount())) return { prefix: [], owner: null, binaries };
  const owner = await stat(cluster).then(
    (found) => ({ uid: found.uid, gid: found.gid }),
    () => null,
  );
  if (uid === 0 && owner !== null && owner.uid !== 0) return asOtherUser(owner, binaries, directory);

  const accounts = await readAccounts();
  const mapped = accounts.find((account) => account.uid < NOBODY) ?? accounts[0];
  if (mapped !== undefined) {
    const prefix = ['unshare', '--user', `--map-user=${mapped.uid}`, `--map-group=${mapped.gid}`, '--'];
    if (await runs(prefix, binaries)) return { prefix, owner: null, binaries };
  }
  const nobody = accounts.find((account) => account.uid === NOBODY) ?? accounts[0];
  if (uid === 0 && nobody !== undefined) return asOtherUser(nobody, binaries, directory);
  throw new DatabaseUnavailable(
    'Postgres cannot run as this user: it is root or has no account, and user namespaces are refused; ' +
      'use another user, or set DATABASE_URL',
    { object: directory, value: uid },
  );
}

/** Gives a cluster to the identity that will serve it, where that is not this process's own. */
export async function giveCluster(cluster: string, user: ServerUser): Promise<void> {
  if (user.owner === null) return;
  const { uid, gid } = user.owner;
  if ((await stat(cluster)).uid === uid) return;
  for (const entry of await readdir(cluster, { recursive: true }))
    await chown(join(cluster, entry), uid, gid);
  // The folder last: while it is not handed over, neither is what is in it.
  await chown(cluster, uid, gid);
}

async function asOtherUser(
  owner: Account,
  binaries: PlatformBinaries,
  directory: string,
): Promise<ServerUser> {
  const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--'];
  if ((await runCommand([...prefix, 'ls', '-d', join(directory, '.')])).code !== 0) {
    throw new DatabaseUnavailable(
      `Postgres has to run as uid ${owner.uid}, which cannot enter the directory: choose another one`,
      { object: directory },
    );
  }
  if (await runs(prefix, binaries)) return { prefix, owner, binaries };
  const copy = await copyBinaries(binaries, directory);
  if (await runs(prefix, copy)) return { prefix, owner, binaries: copy };
  const { output } = await runCommand([...prefix, join(copy.native, 'bin', 'postgres'), '--version']);
  throw new DatabaseUnavailable(`Postgres cannot be run as uid ${owner.uid}: ${output.trim()}`, {
    object: directory,
  });
}

async function runs(prefix: readonly string[], binaries: PlatformBinaries): Promise<boolean> {
  const result = await runCommand([...prefix, join(binaries.native, 'bin', 'postgres'), '--version']);
  return result.code === 0;
}

function hasAccount(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

/** Accounts other than root, highest uid first: those of people and of `nobody` before those of services. */
async function readAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map((fields) => ({ uid: Number(fields[2]), gid: Number(fields[3]) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && uid > 0 && Number.isInteger(gid))
    .sort((a, b) => b.uid - a.uid);
}
