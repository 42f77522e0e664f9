import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  COMPONENTS,
  FLEET_QUEUES,
  type BundleManifest,
  type ComparisonBatch,
  type FleetOutcome,
  type PlannedComparison,
  type ResultDocument,
} from '@jokbo/contracts';
import { killProcess } from '@jokbo/tools/servers';
import { findTensorflow } from '@jokbo/tools/tensorflow';
import { ApplicationFailure, Client, Connection, defaultPayloadConverter } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { startFleet, type Fleet, type Outcome } from './fleet.js';

/** Milliseconds that one case may take where many processes share few cores. */
const CASE_LIMIT_MS = 600_000;

/** What issue and design allow between backends. */
const CLOSE = 1e-6;

const PROGRAMME = `version: 1
name: GPUs
language: en
subjects:
  - { id: exa, team: C, release: Exa, source: ./teams/c/exa-mini }
references:
  - { id: llama, name: Llama mini, source: ./refs/llama-mini-s2 }
controls: { negative: [] }
budget: { features: 128 }
full: [{ subject: exa, reference: llama }]
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

let fleet: Fleet | string;
let connection: Connection;
let native: NativeConnection;
let client: Client;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  fleet = await startFleet();
  if (typeof fleet === 'string') return;
  connection = await Connection.connect({ address: fleet.address });
  native = await NativeConnection.connect({ address: fleet.address });
  client = new Client({ connection, namespace: fleet.namespace });
  await fleet.startWorker('--role', 'workflow', '--work', fleet.uri('unused'));
}, CASE_LIMIT_MS);

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  if (typeof fleet === 'string') return;
  await native.close();
  await connection.close();
  await fleet.close();
});

/** The fleet, or a skipped test that says why there is none. */
function fleetOf(context: TestContext): Fleet {
  if (typeof fleet === 'string') return context.skip(fleet);
  return fleet;
}

/** A worker of this process whose comparisons compute nothing. */
function madeUpWorker(
  running: Fleet,
  role: 'cpu' | 'gpu',
  compared: (comparison: PlannedComparison) => FleetOutcome,
  options: Partial<WorkerOptions> = {},
): Promise<Worker> {
  const activities = {
    compare: (_: string, comparison: PlannedComparison) => Promise.resolve(compared(comparison)),
    split: () => Promise.resolve(SHARES),
    join: (comparison: PlannedComparison) => Promise.resolve({ comparison, ...OUTCOME }),
    readBatch: ({ key }: ComparisonBatch) => Promise.resolve(key === '1' ? [WHOLE] : pairsOf(Number(key))),
    storePage: (items: readonly unknown[]) => Promise.resolve(`page of ${items.length}`),
  };
  return Worker.create({
    ...{ connection: native, namespace: running.namespace, taskQueue: FLEET_QUEUES[role] },
    ...{ identity: `made-up-${role}`, activities },
    ...options,
  });
}

const OUTCOME: FleetOutcome = { evidence: 'e', needsFull: false, needsDisguise: false };

const WHOLE: PlannedComparison = { kind: 'audit', subject: 's', reference: 'r', mode: 'full' };

/** Attention waits for its groups; of the other nine a worker with a GPU has room for eight. */
const SHARES: readonly PlannedComparison[] = [
  { ...WHOLE, component: 'attention', group: 0 },
  { ...WHOLE, component: 'attention', group: 1 },
  ...COMPONENTS.slice(0, 8).map((component) => ({ ...WHOLE, component })),
];

function pairsOf(count: number): PlannedComparison[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'audit', subject: 's', reference: `r${index}`, mode: 'sampled' },
  }));
}

/** The activities of a name that a batch scheduled: their queues and arguments, in the order of its history. */
async function scheduledIn(workflowId: string, name: 'compare' | 'join') {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name === name
      ? [{ queue: scheduled.taskQueue?.name, args: (scheduled.input?.payloads ?? []).map(argumentOf) }]
      : [],
  );
}

function argumentOf(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0]): unknown {
  return defaultPayloadConverter.fromPayload(payload);
}

/** The queues on which the comparisons of a batch were scheduled, in the order of its history. */
async function queuesOf(workflowId: string): Promise<unknown[]> {
  return (await scheduledIn(workflowId, 'compare')).map(({ queue }) => queue);
}

/** The shares that were sent to a role. */
function sharesOn(compared: Awaited<ReturnType<typeof scheduledIn>>, role: 'cpu' | 'gpu'): unknown[] {
  return compared.flatMap(({ queue, args: [, share] }) => (queue === FLEET_QUEUES[role] ? [share] : []));
}

/** A batch of audited pairs, which wait for a GPU for so many milliseconds. A single pair is one over all elements. */
function compareInBatch(workflowId: string, pairs: number, gpu: object = { wait: 2_000 }): Promise<unknown> {
  const batch = { key: String(pairs), index: 0 };
  return client.workflow.execute<(request: unknown) => Promise<unknown>>('compareBatch', {
    ...{ workflowId, taskQueue: FLEET_QUEUES.workflow },
    args: [{ plan: 'p', batch, fingerprints: [], paused: false, priority: 3, gpu }],
  });
}

/** What a batch of audited pairs comes to of which none fails. */
function allMade(pairs: number): unknown {
  return { made: { pairs, failed: 0, failures: [] }, errors: [], done: pairs };
}

describe('the queue of GPUs', () => {
  it('is left alone where nobody polls it', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    const outcome = await cpu.runUntil(compareInBatch('batch/nobody', 20));
    expect(outcome).toMatchObject(allMade(20) as object);
    expect(new Set(await queuesOf('batch/nobody'))).toEqual(new Set([FLEET_QUEUES.cpu]));
  });

  it('gives back what no GPU begins, once', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    // The server names a worker for minutes after its last poll.
    const gpu = await madeUpWorker(running, 'gpu', () => OUTCOME);
    await gpu.runUntil(untilPolled(running));
    const outcome = await cpu.runUntil(compareInBatch('batch/gone', 250));
    expect(outcome).toMatchObject(allMade(250) as object);
    const queues = await queuesOf('batch/gone');
    // A worker has room for eight; the rest never waited for it, and nothing that came later did.
    expect(queues.filter((queue) => queue === FLEET_QUEUES.gpu)).toHaveLength(8);
    expect(queues.filter((queue) => queue === FLEET_QUEUES.cpu)).toHaveLength(250);
    expect(queues.slice(200)).not.toContain(FLEET_QUEUES.gpu);
  });

  it('joins shares of one class where a GPU left some', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    const made: PlannedComparison[] = [];
    const gpu = await madeUpWorker(
      running,
      'gpu',
      (share) => {
        made.push(share);
        if (made.length === 3) gpu.shutdown();
        return { ...OUTCOME, numericClass: 'tf-f32' };
      },
      { maxConcurrentActivityTaskExecutions: 1 },
    );
    const gone = gpu.run();
    await untilPolled(running);
    const outcome = await cpu.runUntil(compareInBatch('batch/left', 1, { wait: 10_000 }));
    if (gpu.getState() === 'RUNNING') gpu.shutdown();
    await gone;
    const compared = await scheduledIn('batch/left', 'compare');
    const { found } = outcome as { found: number };
    expect(outcome).toMatchObject({ ...(allMade(1) as object), done: found });
    // Which ones it makes is up to the server: groups, components, or both.
    const offered = sharesOn(compared, 'gpu');
    expect(offered).toEqual(expect.arrayContaining(made));
    const inF64 = sharesOn(compared, 'cpu');
    const attention = { ...WHOLE, component: 'attention' };
    // The groups of attention were sent one way; each of them, and attention of them, ended in one class.
    expect(offered).toEqual(expect.arrayContaining([0, 1].map((group) => ({ ...attention, group }))));
    for (const share of SHARES) {
      const wanted = [share, { ...share, numericClass: 'f64' }];
      expect(inF64.some((own) => wanted.some((other) => isDeepStrictEqual(own, other)))).toBe(true);
    }
    expect(inF64).toContainEqual({ ...attention, numericClass: 'f64' });
    const [joined] = await scheduledIn('batch/left', 'join');
    expect(joined?.args[1]).toHaveLength(8);
    expect(JSON.stringify(joined?.args[1])).not.toContain('tf-f32');
  });

  it('has the comparisons that a GPU fails measured by CPUs', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    const broken = await Worker.create({
      ...{ connection: native, namespace: running.namespace, taskQueue: FLEET_QUEUES.gpu },
      activities: {
        compare: () => Promise.reject(ApplicationFailure.nonRetryable('out of memory', 'KernelFailed')),
      },
    });
    const outcome = await broken.runUntil(cpu.runUntil(compareInBatch('batch/broken', 4)));
    expect(outcome).toMatchObject(allMade(4) as object);
    const queues = await queuesOf('batch/broken');
    expect(queues.filter((queue) => queue === FLEET_QUEUES.gpu)).toHaveLength(4);
  });
});

describe('GPUs alone', () => {
  it('are waited for, and measure all', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    const asked: PlannedComparison[] = [];
    const ended = cpu.runUntil(compareInBatch('batch/only', 1, { wait: 1, only: true }));
    await vi.waitUntil(async () => (await queuesOf('batch/only').catch(() => [])).length > 0, 60_000);
    const gpu = await madeUpWorker(running, 'gpu', (share) => {
      asked.push(share);
      return { ...OUTCOME, numericClass: 'tf-f32' };
    });
    expect(await gpu.runUntil(ended)).toMatchObject({
      ...(allMade(1) as object),
      ...{ done: SHARES.length, found: SHARES.length },
    });
    expect(new Set(await queuesOf('batch/only'))).toEqual(new Set([FLEET_QUEUES.gpu]));
    expect(new Set(asked.map(({ numericClass }) => numericClass))).toEqual(new Set(['tf-f32']));
  });

  it('end the audit where they have no TensorFlow', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const cpu = await madeUpWorker(running, 'cpu', () => OUTCOME);
    const broken = await Worker.create({
      ...{ connection: native, namespace: running.namespace, taskQueue: FLEET_QUEUES.gpu },
      activities: {
        compare: () => Promise.reject(ApplicationFailure.nonRetryable('no TensorFlow', 'ClassUnavailable')),
      },
    });
    const ended = compareInBatch('batch/without', 1, { wait: 1, only: true });
    await expect(broken.runUntil(cpu.runUntil(ended))).rejects.toMatchObject({
      cause: { message: expect.stringContaining('no TensorFlow') as string },
    });
    expect(new Set(await queuesOf('batch/without'))).toEqual(new Set([FLEET_QUEUES.gpu]));
  });
});

/** Until the server names a worker of the queue. */
async function untilPolled(running: Fleet): Promise<void> {
  for (;;) {
    const { stdout } = await running.jokbo('workers', '--format', 'json');
    const queues = JSON.parse(stdout) as { queue: string; workers: unknown[] }[];
    if (queues.some(({ queue, workers }) => queue === FLEET_QUEUES.gpu && workers.length > 0)) return;
  }
}

describe('an audit with a worker of the role gpu', () => {
  const audit = (running: Fleet, programme: string, name: string, ...args: readonly string[]) =>
    running.jokbo(
      ...['audit', programme, '--format', 'json', '--no-database', '--out', join(running.folder, name)],
      ...args,
    );
  const workerOf = (running: Fleet, role: string, ...args: readonly string[]): Promise<ChildProcess> =>
    running.startWorker('--role', role, '--work', running.uri('gpu'), '--threads', '1', ...args);
  const manifestOf = async (running: Fleet, name: string): Promise<BundleManifest> =>
    JSON.parse(await readFile(join(running.folder, name, 'manifest.json'), 'utf8')) as BundleManifest;
  const documentOf = ({ stdout }: Outcome): ResultDocument => JSON.parse(stdout) as ResultDocument;
  const scoresOf = ({ pairs }: ResultDocument): (number | null)[] =>
    pairs.flatMap(({ verdict }) => verdict.components.map(({ z }) => z));
  const verdictsOf = ({ pairs }: ResultDocument): unknown =>
    pairs.map(({ verdict }) => [verdict.verdict, ...verdict.components.map(({ verdict: own }) => own)]);

  it('gives its verdicts, and says what measured them', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const tensorflow = await findTensorflow({ make: false, say: () => undefined });
    if (tensorflow === null) return context.skip('no TensorFlow: npm run tensorflow makes it');
    vi.stubEnv('JOKBO_TENSORFLOW', tensorflow);
    const programme = await running.upload('gpu', PROGRAMME, ['teams/c/exa-mini', 'refs/llama-mini-s2']);
    const near = await audit(running, programme, 'near', '--work', running.uri('near'), '--backend', 'wasm');
    const workers = [
      await workerOf(running, 'cpu'),
      await workerOf(running, 'gpu', '--backend', 'tensorflow'),
    ];
    const fleetOptions = ['--on', 'temporal', '--work', running.uri('gpu')];
    const far = await audit(running, programme, 'far', ...fleetOptions, '--backend', 'auto');
    expect(far.status, far.stderr).toBe(near.status);
    expect(verdictsOf(documentOf(far))).toEqual(verdictsOf(documentOf(near)));
    const expected = scoresOf(documentOf(near));
    scoresOf(documentOf(far)).forEach((z, index) => {
      const own = expected[index] ?? 0;
      expect(Math.abs((z ?? 0) - own)).toBeLessThanOrEqual(CLOSE * Math.max(1, Math.abs(own)));
    });
    const { backend } = await manifestOf(running, 'far');
    expect(JSON.stringify(backend)).toContain('"tf-f32"');
    // Whoever wants GPUs alone has no figure of another class.
    const only = await audit(running, programme, 'only', ...fleetOptions, '--backend', 'tensorflow');
    expect(verdictsOf(documentOf(only))).toEqual(verdictsOf(documentOf(near)));
    const { backend: alone } = await manifestOf(running, 'only');
    expect(alone).toEqual({ name: 'tensorflow', numeric_class: 'tf-f32' });
    // Whoever wants the bytes of WASM has them, of the same fleet and the same work folder.
    const asked = await audit(running, programme, 'asked', ...fleetOptions, '--backend', 'wasm');
    expect(asked.stdout).toBe(near.stdout);
    expect((await manifestOf(running, 'asked')).backend).toEqual({ name: 'wasm', numeric_class: 'f64' });
    await Promise.all(workers.map(killProcess));
  });

  it('computes with WASM where TensorFlow is broken', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    vi.stubEnv('JOKBO_TENSORFLOW', join(running.folder, 'nothing'));
    const programme = await running.upload('broken', PROGRAMME, ['teams/c/exa-mini', 'refs/llama-mini-s2']);
    const workers = [
      await workerOf(running, 'cpu'),
      await workerOf(running, 'gpu', '--backend', 'tensorflow'),
    ];
    let log = '';
    workers[1]?.stderr?.on('data', (piece: Buffer) => (log += piece.toString()));
    const far = await audit(running, programme, 'broken', '--on', 'temporal', '--work', running.uri('gpu'));
    expect(far.stdout, far.stderr).toContain('"digest"');
    expect(log.split('\n').filter((line) => line.includes('no TensorFlow'))).toHaveLength(1);
    const { backend } = await manifestOf(running, 'broken');
    expect(backend).toEqual({ name: 'wasm', numeric_class: 'f64' });
    await Promise.all(workers.map(killProcess));
  });
});
