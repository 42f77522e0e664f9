import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  FLEET_MESSAGES,
  FLEET_QUEUES,
  type AuditRequest,
  type FleetProgress,
  type ResultReference,
} from '@jokbo/contracts';
import { Client, Connection, isGrpcDeadlineError, type WorkflowHandle } from '@temporalio/client';
import { killProcess, startTemporal, type FoundTemporal } from '../servers/index.js';
import { activityTimes } from './activity-times.js';

const WORKER = fileURLToPath(new URL('./worker-run.js', import.meta.url));

/** Milliseconds between two looks at what is pending. */
const LOOK_MS = 2_000;

export interface FleetLoad {
  readonly comparisons: number;
  /** Milliseconds that each takes. */
  readonly workMs: number;
  /** Workers that ask for activities, in processes of ten. */
  readonly pollers: number;
  /** Activities that each has at a time. */
  readonly slots: number;
}

/** What an audit of made-up comparisons took. */
export interface FleetFigures extends FleetLoad {
  readonly seconds: number;
  /** Seconds until the first batch of comparisons began, from then to the end of the last, and after that. */
  readonly startSeconds: number;
  readonly comparingSeconds: number;
  readonly endSeconds: number;
  /** Seconds of all comparisons, from the start of each by a worker until the server knew its end; null where they do nothing. */
  readonly heldSeconds: number | null;
  readonly runs: number;
  /** Windows and batches. */
  readonly children: number;
  /** Events of the longest history. */
  readonly longestHistory: number;
  /** Bytes of the largest. */
  readonly largestHistory: number;
  /** Most activities that one workflow was seen to have pending. */
  readonly mostPending: number;
}

const POLLERS_PER_PROCESS = 10;

const AUDIT = 'audit/made-up';

/** Runs one audit of made-up comparisons on a server of its own. */
export async function measureFleet(
  found: FoundTemporal,
  load: FleetLoad,
  say: (line: string) => void,
): Promise<FleetFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo bench fleet '));
  const temporal = await startTemporal({ found, file: join(folder, 'histories.db') });
  const { address, namespace } = temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const workers: ChildProcess[] = [];
  const start = async (pollers: number): Promise<void> => {
    const { slots, comparisons, workMs } = load;
    const numbers = [pollers, slots, comparisons, workMs].map(String);
    const args = [WORKER, address, namespace, ...numbers, join(folder, 'pages')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    workers.push(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('a worker ended')));
    ended.catch(() => undefined);
    await Promise.race([once(child.stdout, 'data'), ended]);
  };
  try {
    await start(0);
    for (let left = load.pollers; left > 0; left -= POLLERS_PER_PROCESS) {
      await start(Math.min(left, POLLERS_PER_PROCESS));
    }
    const started = performance.now();
    const audit = await client.workflow.start<(request: AuditRequest) => Promise<ResultReference>>(
      'auditProgramme',
      {
        workflowId: AUDIT,
        taskQueue: FLEET_QUEUES.workflow,
        args: [{ programme: 'made-up', backend: 'wasm' }],
      },
    );
    let mostPending = 0;
    while (await isRunning(audit)) {
      await sleep(LOOK_MS);
      const look = await pendingOf(client, audit).catch(() => null);
      mostPending = Math.max(mostPending, look?.pending ?? 0);
      say(`${((performance.now() - started) / 1000).toFixed(0)} s: ${look?.done ?? '?'} done`);
    }
    const heldSeconds = load.workMs === 0 ? null : await heldBy(client);
    return { ...load, mostPending, heldSeconds, ...(await historiesOf(client)) };
  } finally {
    await Promise.all(workers.map(killProcess));
    await connection.close();
    await temporal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds that workers held comparisons. */
async function heldBy(client: Client): Promise<number> {
  const times = await activityTimes(client, AUDIT);
  return times.find(({ name }) => name === 'compare')?.ran ?? 0;
}

/** A server that is too busy to answer in time has not ended the audit. */
async function isRunning(audit: WorkflowHandle): Promise<boolean> {
  const description = await audit.describe().catch((error: unknown) => {
    if (isGrpcDeadlineError(error)) return null;
    throw error;
  });
  if (description === null || description.status.name === 'RUNNING') return true;
  if (description.status.name === 'COMPLETED') return false;
  throw new Error(`the audit is ${description.status.name}`);
}

async function pendingOf(
  client: Client,
  audit: WorkflowHandle,
): Promise<{ readonly pending: number; readonly done: number }> {
  const { windows, counts } = await audit.query<FleetProgress>(FLEET_MESSAGES.progress);
  const handles = [audit, ...windows.map((id) => client.workflow.getHandle(id))];
  const described = await Promise.allSettled(handles.map((handle) => handle.describe()));
  const pending = described.map((answer) =>
    answer.status === 'fulfilled'
      ? (answer.value.raw.pendingActivities?.length ?? 0) + (answer.value.raw.pendingChildren?.length ?? 0)
      : 0,
  );
  const done = counts.find(({ stage }) => stage === 'compare')?.done ?? 0;
  return { pending: Math.max(...pending), done };
}

type Histories = Omit<FleetFigures, keyof FleetLoad | 'mostPending' | 'heldSeconds'>;

/** Times are those of the server: whoever looks sees an end late. */
async function historiesOf(client: Client): Promise<Histories> {
  const audits = { runs: 0, started: Infinity, ended: 0 };
  const batches = { started: Infinity, ended: 0 };
  let [children, longestHistory, largestHistory] = [0, 0, 0];
  for await (const run of client.workflow.list()) {
    const { type, historyLength, historySize = 0, startTime, closeTime } = run;
    if (type === 'auditProgramme') audits.runs += 1;
    else children += 1;
    const of = { auditProgramme: audits, compareBatch: batches }[type];
    if (of !== undefined) {
      of.started = Math.min(of.started, startTime.getTime());
      of.ended = Math.max(of.ended, closeTime?.getTime() ?? 0);
    }
    longestHistory = Math.max(longestHistory, historyLength);
    largestHistory = Math.max(largestHistory, historySize);
  }
  return {
    runs: audits.runs,
    children,
    longestHistory,
    largestHistory,
    seconds: (audits.ended - audits.started) / 1000,
    comparingSeconds: (batches.ended - batches.started) / 1000,
    startSeconds: (batches.started - audits.started) / 1000,
    endSeconds: (audits.ended - batches.ended) / 1000,
  };
}
