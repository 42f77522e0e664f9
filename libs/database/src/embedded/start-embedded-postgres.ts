import { DatabaseUnavailable } from '@jokbo/contracts';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootMessage } from '../sql-state.js';
import { clusterRoot, openCluster, type Cluster } from './create-cluster.js';
import { freePort } from './free-port.js';
import { findPlatformBinaries } from './platform-binaries.js';
import { isAlive, isPostmasterOf, readPostmaster, removeStalePidFile } from './postmaster.js';
import { runCommand } from './run-command.js';
import { logSize, logTail, rotateLog } from './server-log.js';
import { joinServer, type Presence } from './server-presence.js';
import { chooseServerUser, giveCluster, type ServerUser } from './server-user.js';
import { stopAtExit } from './stop-at-exit.js';

/** A running server that this process uses. */
export interface EmbeddedPostgres {
  /** Connection string of the superuser, with its password. */
  readonly url: string;
  /** Ends the use; the last process of this host to do so stops the server. Repeating it does nothing. */
  close(): Promise<void>;
}

/** Includes recovery after a crash (2–6 s) and waiting for another process's start or stop. */
const START_DEADLINE_MS = 60_000;
const RETRY_DELAY_MS = 100;
/** How long a torn pid file may be one that is just being written. */
const TORN_PID_FILE_MS = 3_000;
/** pg_ctl and initdb hand paths to a shell, in double quotes. */
const UNSAFE_IN_SHELL = process.platform === 'win32' ? /["%\n]/ : /["$`\\\n]/;
/** What the log says when a start fails because of another process: alive, just killed, or just closing. */
const PASSING =
  /lock file|PID file|shared memory block|could not bind|could not create any TCP\/IP sockets|received \w+ shutdown request/;

/**
 * Starts the Postgres of `directory`, or joins the one that another process runs there: any number of processes
 * of one host may use one directory at the same time. The first start makes the cluster and its password.
 * It listens on 127.0.0.1 only, at a free port, and on no Unix socket (whose path could be too long).
 *
 * A server that a killed process left behind is joined; one that was killed itself is started again and recovers.
 *
 * @throws DatabaseUnavailable with the tail of the server's log when it cannot be had.
 */
export async function startEmbeddedPostgres(options: { directory: string }): Promise<EmbeddedPostgres> {
  try {
    await mkdir(options.directory, { recursive: true });
    const directory = await realpath(options.directory);
    const installed = await findPlatformBinaries(directory);
    for (const path of [directory, installed.native]) {
      if (!UNSAFE_IN_SHELL.test(path)) continue;
      throw new DatabaseUnavailable(
        'Postgres cannot be started in a folder whose name a shell would expand',
        {
          object: path,
        },
      );
    }
    const user = await chooseServerUser(installed, directory, clusterRoot(directory));
    const cluster = await openCluster(directory, user);
    const { url, presence } = await joinOrStart(cluster, user);
    return useServer(url, presence, cluster, user);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable('cannot start the embedded Postgres', {
      object: options.directory,
      cause: error,
    });
  }
}

async function joinOrStart(
  cluster: Cluster,
  user: ServerUser,
): Promise<{ readonly url: string; readonly presence: Presence }> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let torn: { text: string | null; since: number } = { text: null, since: 0 };
  let cause: unknown = null;
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(cluster.data);
    if (postmaster !== null && (await isPostmasterOf(postmaster.pid, cluster.data))) {
      const url = serverUrl(cluster, postmaster.port);
      const joined = await joinServer(url, cluster.data);
      if ('leave' in joined) return { url, presence: joined };
      cause = joined.cause;
      if (!joined.retry) break;
    } else if (postmaster !== null && Number.isNaN(postmaster.pid)) {
      if (torn.text !== postmaster.text) torn = { text: postmaster.text, since: Date.now() };
      if (Date.now() - torn.since > TORN_PID_FILE_MS) await removeStalePidFile(cluster.data, postmaster.text);
    } else {
      // The file of a dead server is left to Postgres, which looks for surviving backends by it. Only a number
      // that now belongs to another program would block it for ever.
      if (postmaster !== null && isAlive(postmaster.pid)) {
        await removeStalePidFile(cluster.data, postmaster.text);
      }
      const failure = await startServer(cluster, user);
      if (failure === null) continue;
      cause = failure;
      if (!PASSING.test(failure.message)) break;
    }
    await delay(RETRY_DELAY_MS);
  }
  throw new DatabaseUnavailable(
    `the embedded Postgres does not start: ${rootMessage(cause)}\nEnd of ${cluster.log}:\n${await logTail(cluster.log)}`,
    { object: cluster.root, cause },
  );
}

async function startServer(cluster: Cluster, user: ServerUser): Promise<Error | null> {
  await giveCluster(cluster.root, user);
  await rotateLog(cluster.log);
  const from = await logSize(cluster.log);
  const settings = `-p ${await freePort()} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const { code, output } = await runCommand([
    ...pgCtl(cluster, user),
    '--wait',
    `--log=${cluster.log}`,
    `--options=${settings}`,
    'start',
  ]);
  return code === 0 ? null : new Error(`${output.trim()}\n${await logTail(cluster.log, from)}`);
}

function useServer(url: string, presence: Presence, cluster: Cluster, user: ServerUser): EmbeddedPostgres {
  const callOff = stopAtExit(url, stopCommand(cluster, user, 'fast'));
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    // A server that does not answer any more has nothing to be stopped; the next start recovers it.
    const last = await presence.leave().catch(() => false);
    callOff();
    try {
      if (last) await stopServer(cluster, user);
    } finally {
      await presence.release();
    }
  };
  return { url, close: () => (closing ??= close()) };
}

async function stopServer(cluster: Cluster, user: ServerUser): Promise<void> {
  let output = '';
  for (const mode of ['fast', 'immediate'] as const) {
    const stopped = await runCommand(stopCommand(cluster, user, mode));
    // A server that died meanwhile has no pid file, or a stale one, and needs no stopping.
    const left = stopped.code === 0 ? null : await readPostmaster(cluster.data);
    if (left === null || !(await isPostmasterOf(left.pid, cluster.data))) return;
    ({ output } = stopped);
  }
  throw new DatabaseUnavailable(`the embedded Postgres does not stop: ${output.trim()}`, {
    object: cluster.root,
  });
}

function stopCommand(cluster: Cluster, user: ServerUser, mode: 'fast' | 'immediate'): readonly string[] {
  return [...pgCtl(cluster, user), '--wait', `--mode=${mode}`, 'stop'];
}

function pgCtl(cluster: Cluster, user: ServerUser): readonly string[] {
  return [...user.prefix, join(user.binaries.native, 'bin', 'pg_ctl'), `--pgdata=${cluster.data}`];
}

function serverUrl(cluster: Cluster, port: number): string {
  return `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres?sslmode=disable`;
}
