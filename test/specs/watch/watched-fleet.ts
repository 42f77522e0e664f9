import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '@jokbo/database';
import { killProcess } from '@jokbo/tools/servers';
import { Client, Connection, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { startFleet, type Fleet } from '../fleet/fleet.js';
import { ZOO } from '../zoo-models.js';

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 100;

/** Milliseconds after which what was waited for counts as lost: a dead worker is given up after 20 s, cores are shared. */
const LOST_MS = 240_000;

/** What the history of a workflow tells so far. */
export interface Seen {
  /** Names of activities by what became of them. */
  readonly scheduled: readonly string[];
  readonly completed: readonly string[];
  /** Children that were not started, as one of their id ran. */
  readonly refused: number;
}

/** A fleet with two workers that die together, a result database, and a client. */
export interface WatchedFleet extends Fleet {
  readonly client: Client;
  readonly database: Database;
  /** Drops a model of the zoo into the bucket under another name. */
  drop(path: string, model: string): Promise<void>;
  start(...roles: readonly ('workflow' | 'cpu')[]): Promise<void>;
  kill(...roles: readonly ('workflow' | 'cpu')[]): Promise<void>;
  /** What the newest run of a workflow has done; nothing where there is none. */
  seen(workflowId: string): Promise<Seen>;
  /** Ids of workflows of a type, with their states. */
  list(type: string): Promise<readonly { readonly id: string; readonly status: string }[]>;
}

/** Waits until something is there. */
export async function until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + LOST_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await sleep(LOOK_MS);
  }
  throw new Error(`lost: ${what}`);
}

/** Starts servers and a database, or says why there are none. */
export async function startWatchedFleet(): Promise<WatchedFleet | string> {
  const fleet = await startFleet();
  if (typeof fleet === 'string') return fleet;
  const folder = await mkdtemp(join(tmpdir(), 'jokbo watch '));
  const database = await openDatabase({ directory: join(folder, 'postgres') });
  // Workers inherit it and publish there.
  process.env['DATABASE_URL'] = database.url;
  const connection = await Connection.connect({ address: fleet.address });
  const client = new Client({ connection, namespace: fleet.namespace });
  const workers = new Map<string, ChildProcess>();
  return {
    ...fleet,
    client,
    database,
    async drop(path, model) {
      for (const file of await readdir(join(ZOO, model), { withFileTypes: true })) {
        if (!file.isFile()) continue;
        await fleet.write(`${path}/${file.name}`, await readFile(join(ZOO, model, file.name)));
      }
    },
    async start(...roles) {
      for (const role of roles) {
        const work = ['--work', fleet.uri('work'), '--threads', '1'];
        workers.set(role, await fleet.startWorker('--role', role, ...work));
      }
    },
    async kill(...roles) {
      for (const role of roles) {
        const worker = workers.get(role);
        if (worker !== undefined) await killProcess(worker);
      }
    },
    seen: (workflowId) => seenOf(client.workflow.getHandle(workflowId)),
    async list(type) {
      const found: { id: string; status: string }[] = [];
      for await (const { workflowId, status } of client.workflow.list({
        query: `WorkflowType = '${type}'`,
      })) {
        found.push({ id: workflowId, status: status.name });
      }
      return found;
    },
    async close() {
      delete process.env['DATABASE_URL'];
      await connection.close();
      await fleet.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function seenOf(handle: WorkflowHandle): Promise<Seen> {
  try {
    const { events } = await handle.fetchHistory();
    const names = new Map<string, string>();
    const completed: string[] = [];
    let refused = 0;
    for (const { eventId, ...event } of events ?? []) {
      if (event.startChildWorkflowExecutionFailedEventAttributes) refused += 1;
      const scheduled = event.activityTaskScheduledEventAttributes?.activityType?.name;
      if (typeof scheduled === 'string') names.set(String(eventId), scheduled);
      const ended = event.activityTaskCompletedEventAttributes?.scheduledEventId;
      if (ended !== undefined && ended !== null) completed.push(names.get(String(ended)) ?? '');
    }
    return { scheduled: [...names.values()], completed, refused };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { scheduled: [], completed: [], refused: 0 };
    throw error;
  }
}
