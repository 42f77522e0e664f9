import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  FLEET_QUEUES,
  WATCH_WORKFLOW,
  type AuditRequest,
  type ResultReference,
  type WatchOutcome,
  type WatchRequest,
} from '@jokbo/contracts';
import { startS3Server, type Injection, type S3Server } from '@jokbo/storage/testing';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { freePort } from '../servers/child-server.js';
import { killProcess, startTemporal, type FoundTemporal, type TemporalServer } from '../servers/index.js';
import { closeAll, type Close } from './close-all.js';
import {
  FLEET_MODELS,
  FLEET_PROGRAMME,
  FOUND_MODEL,
  POISONED_SHARD,
  WATCHED_PROGRAMME,
} from './fleet-programme.js';
import { startFaultDatabase, type FaultDatabase } from './fault-database.js';
import { startFleetWorkers } from './fleet-workers.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo', import.meta.url));

const CREDENTIALS = { accessKeyId: 'jokbo-faults', secretAccessKey: 'jokbo-faults-secret' };

/** Requests give up soon, so that a service that is silent is met by the retries of activities too. */
const S3_SETTINGS = {
  JOKBO_S3_RETRIES: '2',
  JOKBO_S3_REQUEST_TIMEOUT_MS: '2000',
  JOKBO_S3_SOCKET_TIMEOUT_MS: '2000',
};

/** Workers that run activities, beside the one of workflows. */
const ACTIVITY_WORKERS = 2;

/** A program that starts a server of our own, which may be killed. */
type OwnTemporal = FoundTemporal & { readonly executable: string };

export type AuditRun = WorkflowHandle<(request: AuditRequest) => Promise<ResultReference>>;

/** Servers and workers that may be killed, and an audit that they run. */
export interface FaultFleet {
  readonly client: Client;
  readonly s3: Pick<S3Server, 'put'>;
  /** Makes the S3 server fail, until faults are ended. */
  inject(injection: Injection): void;
  endFaults(): void;
  readonly database: FaultDatabase;
  readonly workers: readonly ChildProcess[];
  /** Starts the audit anew, with nothing kept of those before. */
  audit(): Promise<AuditRun>;
  /** Starts it again with what the last one kept. */
  again(): Promise<AuditRun>;
  /** Starts two looks for releases at once, below a prefix that has one; what each gave. */
  lookTwice(): Promise<readonly (readonly WatchOutcome[])[]>;
  /** The bytes of a result; null where there are none. */
  stored(reference: ResultReference): Promise<string | null>;
  /** Ends a worker hard, and starts another in its place. */
  replaceWorker(index: number): Promise<void>;
  killTemporal(): Promise<void>;
  startTemporal(): Promise<void>;
  /** Stops the server in its tracks, or lets it go on. */
  freezeTemporal(frozen: boolean): void;
  /** The object of a shard of a model, and its bytes as they should be. */
  readonly shard: { readonly path: string; readonly bytes: Uint8Array };
  close(): Promise<void>;
}

/** Starts it whole; where a part cannot be started, nothing of it is left. */
export async function startFaultFleet(found: OwnTemporal): Promise<FaultFleet> {
  const started: Close[] = [];
  try {
    return await startParts(found, started);
  } catch (error) {
    await closeAll(started);
    throw error;
  }
}

async function startParts(found: OwnTemporal, started: Close[]): Promise<FaultFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo faults '));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const bucket = join(folder, 'buckets', 'programme');
  const file = join(folder, 'histories.db');
  await uploadProgramme(bucket);
  const s3 = await startS3Server({ credentials: CREDENTIALS, root: join(folder, 'buckets') });
  started.push(() => s3.close());
  const database = await startFaultDatabase(join(folder, 'postgres'));
  started.push(() => database.close());
  const port = await freePort();
  let temporal: TemporalServer = await startTemporal({ found, file, port });
  started.push(() => temporal.close());
  const connection = await Connection.connect({ address: temporal.address });
  started.push(() => connection.close());
  const client = new Client({ connection, namespace: temporal.namespace });
  const environment = {
    ...process.env,
    ...S3_SETTINGS,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: 'us-east-1',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    DATABASE_URL: database.url(),
  };
  let audits = 0;
  let looks = 0;
  let faultsEnded = 0;

  function start(): Promise<AuditRun> {
    audits += 1;
    return client.workflow.start<(request: AuditRequest) => Promise<ResultReference>>('auditProgramme', {
      workflowId: `audit/faults-${audits}`,
      taskQueue: FLEET_QUEUES.workflow,
      args: [{ programme: 's3://programme/programme.yaml' }],
    });
  }

  function look(number: number): Promise<readonly WatchOutcome[]> {
    looks += 1;
    return client.workflow.execute<(request: WatchRequest) => Promise<WatchOutcome[]>>(WATCH_WORKFLOW, {
      workflowId: `watch/faults/releases-${number}-${looks}`,
      taskQueue: FLEET_QUEUES.workflow,
      args: [{ programme: 's3://programme/watched.yaml', watch: 'watch/faults', task: 'releases' }],
    });
  }

  const workers = await startFleetWorkers(
    ['workflow', ...Array.from({ length: ACTIVITY_WORKERS }, () => 'cpu')].map((role) => [
      ...['--role', role, '--work', 's3://programme/work', '--threads', '1', '--group', '0.0001'],
    ]),
    environment,
  );
  started.push(() => workers.close());
  const path = `programme/${POISONED_SHARD}`;
  return {
    ...{ client, s3, database, workers: workers.running },
    shard: { path, bytes: await readFile(join(folder, 'buckets', path)) },
    inject({ match = () => true, ...injection }) {
      const since = faultsEnded;
      s3.inject({ ...injection, match: (request) => faultsEnded === since && match(request) });
    },
    endFaults: () => void (faultsEnded += 1),
    async audit() {
      await rm(join(bucket, 'work'), { recursive: true, force: true });
      return start();
    },
    again: start,
    lookTwice: () => Promise.all([1, 2].map(look)),
    async stored({ result }) {
      const files = await readdir(join(bucket, 'work'), { recursive: true });
      const found = files.find((name) => name.endsWith(result));
      return found === undefined ? null : await readFile(join(bucket, 'work', found), 'latin1');
    },
    replaceWorker: (index) => workers.replace(index),
    async killTemporal() {
      if (temporal.child !== null) await killProcess(temporal.child.process);
    },
    async startTemporal() {
      temporal = await startTemporal({ found, file, port });
    },
    freezeTemporal(frozen) {
      temporal.child?.process.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
    },
    close: () => closeAll(started),
  };
}

async function uploadProgramme(bucket: string): Promise<void> {
  await mkdir(bucket, { recursive: true });
  await writeFile(join(bucket, 'programme.yaml'), FLEET_PROGRAMME);
  await writeFile(join(bucket, 'watched.yaml'), WATCHED_PROGRAMME);
  for (const model of FLEET_MODELS) await cp(join(ZOO, model), join(bucket, model), { recursive: true });
  await cp(join(ZOO, FOUND_MODEL), join(bucket, 'found', 'new'), { recursive: true });
}
