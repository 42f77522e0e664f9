import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '@jokbo/activities';
import {
  canonicalJson,
  FLEET_MESSAGES,
  FLEET_QUEUES,
  type FleetProgress,
  type ResultDocument,
  type ResultReference,
} from '@jokbo/contracts';
import { FLEET_MODELS, FLEET_PROGRAMME, POISONED_SHARD } from '@jokbo/tools/faults';
import { killProcess } from '@jokbo/tools/servers';
import {
  Client,
  Connection,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startFleet, type Fleet, type Outcome } from './fleet.js';

/** Milliseconds that one case may take where many processes share few cores. */
const CASE_LIMIT_MS = 300_000;

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 200;

/** After which the server knows of all that a worker had told before it was stopped. Milliseconds. */
const SETTLE_MS = 1_000;

let fleet: Fleet | string;
let connection: Connection;
let client: Client;
let programme = '';
let local: Outcome;

/** The audit as a command, with its result document on stdout. */
function audit(running: Fleet, ...args: readonly string[]): Promise<Outcome> {
  const output = ['--format', 'json', '--no-database'];
  return running.jokbo('audit', programme, ...output, ...args);
}

beforeAll(async () => {
  fleet = await startFleet();
  if (typeof fleet === 'string') return;
  connection = await Connection.connect({ address: fleet.address });
  client = new Client({ connection, namespace: fleet.namespace });
  programme = await fleet.upload('one', FLEET_PROGRAMME, FLEET_MODELS);
  // It reads nothing, so that one serves every case.
  await fleet.startWorker('--role', 'workflow', '--work', fleet.uri('unused'));
  local = await audit(fleet, '--work', fleet.uri('local'), '--out', fleet.uri('local-report'));
}, CASE_LIMIT_MS);

afterAll(async () => {
  if (typeof fleet === 'string') return;
  await connection.close();
  await fleet.close();
});

/** The fleet, or a skipped test that says why there is none. */
function fleetOf(context: TestContext): Fleet {
  if (typeof fleet === 'string') return context.skip(fleet);
  return fleet;
}

/** A worker that runs activities. */
function startWorker(running: Fleet, work: string): Promise<ChildProcess> {
  // Every shard of a model is a group of its own.
  const groups = ['--group', '0.0001'];
  return running.startWorker('--role', 'cpu', '--work', running.uri(work), '--threads', '1', ...groups);
}

/** Waits until a batch of an audit, that over all elements, has an activity on some worker; its id. */
async function untilComparing(audit: WorkflowHandle): Promise<string> {
  while ((await audit.describe()).status.name === 'RUNNING') {
    const { windows } = await audit.query<FleetProgress>(FLEET_MESSAGES.progress);
    for (const id of windows) {
      const described = await orNull(client.workflow.getHandle(id).describe());
      const started = described?.raw.pendingActivities?.some(
        ({ activityType, lastStartedTime }) => activityType?.name === 'compare' && lastStartedTime,
      );
      if (started === true) return id;
    }
    await sleep(LOOK_MS);
  }
  throw new Error('the audit ended before it was seen to compare');
}

/** Lets no attempt follow on those that workers have of a workflow's activities; how many those are. */
async function makeLastAttempts(workflow: WorkflowHandle): Promise<number> {
  const { raw } = await workflow.describe();
  const started = (raw.pendingActivities ?? []).filter(({ lastStartedTime }) => lastStartedTime);
  for (const { activityId } of started) {
    await client.workflowService.updateActivityOptions({
      namespace: client.options.namespace,
      execution: { workflowId: workflow.workflowId },
      id: activityId,
      activityOptions: { retryPolicy: { maximumAttempts: 1 } },
      updateMask: { paths: ['retry_policy.maximum_attempts'] },
    });
  }
  return started.length;
}

/** Stops a worker while it compares, and lets no attempt follow on what it has; how many activities those are. */
async function stoppedWithWork(worker: ChildProcess, audit: WorkflowHandle): Promise<number> {
  while (true) {
    const batch = client.workflow.getHandle(await untilComparing(audit));
    worker.kill('SIGSTOP');
    await sleep(SETTLE_MS);
    const given = await makeLastAttempts(batch);
    if (given > 0) return given;
    // What was seen had ended before the worker stopped.
    worker.kill('SIGCONT');
  }
}

/** Null where there is no such workflow yet. */
function orNull<T>(described: Promise<T>): Promise<T | null> {
  return described.catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  });
}

/** The audit that `jokbo audit` is about to start. */
async function startedAudit(): Promise<WorkflowHandle> {
  const handle = client.workflow.getHandle(`audit/${sha256(programme).slice(0, 16)}`);
  while (true) {
    if ((await orNull(handle.describe()))?.status.name === 'RUNNING') return handle;
    await sleep(LOOK_MS);
  }
}

describe('an audit on the fleet', () => {
  it('gives the bytes of the local driver', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const workers = await Promise.all([startWorker(running, 'two'), startWorker(running, 'two')]);
    const remote = await audit(
      running,
      ...['--on', 'temporal', '--work', running.uri('two'), '--out', running.uri('two-report')],
    );
    expect(local.stdout, local.stderr).toContain('"digest"');
    expect(remote.stdout, remote.stderr).toBe(local.stdout);
    expect(remote.status).toBe(local.status);
    expect(remote.stderr).toMatch(/^comparing: \d+ comparisons in /m);
    const status = await running.jokbo('status', programme, '--format', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ status: 'completed', state: 'published' }]);
    await Promise.all(workers.map(killProcess));
  });

  it('loses nothing with a worker that is killed', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const doomed = await startWorker(running, 'killed');
    const ended = audit(
      running,
      ...['--on', 'temporal', '--work', running.uri('killed'), '--out', running.uri('killed-report')],
    );
    const handle = await startedAudit();
    const window = client.workflow.getHandle(await untilComparing(handle));
    await killProcess(doomed);
    await handle.executeUpdate(FLEET_MESSAGES.pause);
    expect(await window.query<FleetProgress>(FLEET_MESSAGES.progress)).toMatchObject({ paused: true });
    const other = await startWorker(running, 'killed');
    await handle.executeUpdate(FLEET_MESSAGES.resume);
    const remote = await ended;
    expect(remote.stdout, remote.stderr).toBe(local.stdout);
    const { events } = await window.fetchHistory();
    const attempts = (events ?? []).map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0);
    expect(Math.max(...attempts), 'what the killed worker had was done again').toBeGreaterThan(1);
    await killProcess(other);
  });

  it('goes on with a new history before one is long', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const worker = await startWorker(running, 'continued');
    const eventsPerRun = 40;
    const perBatch = { sampled: 2, full: 1 };
    const handle = await client.workflow.start('auditProgramme', {
      workflowId: 'audit/continued',
      taskQueue: FLEET_QUEUES.workflow,
      args: [{ programme }, { eventsPerRun, perBatch }],
    });
    const { result } = (await handle.result()) as ResultReference;
    expect(result).toBe(sha256(canonicalJson(JSON.parse(local.stdout))));
    const histories: number[] = [];
    const query = `WorkflowId = 'audit/continued'`;
    for await (const run of client.workflow.list({ query })) histories.push(run.historyLength);
    expect(histories.length).toBeGreaterThan(1);
    expect(Math.max(...histories)).toBeLessThan(3 * eventsPerRun);
    const batches: string[] = [];
    const ofBatches = `WorkflowType = 'compareBatch' AND WorkflowId STARTS_WITH 'audit/continued/'`;
    for await (const { workflowId } of client.workflow.list({ query: ofBatches })) batches.push(workflowId);
    expect(batches.length).toBeGreaterThan(2);
    await killProcess(worker);
  });

  it('is paused, tells how far it is, and is cancelled', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const ended = audit(running, '--on', 'temporal', '--work', running.uri('cancelled'));
    const handle = await startedAudit();
    const paused = await running.jokbo('pause', programme);
    expect([paused.status, paused.stderr]).toEqual([0, `${handle.workflowId}: paused; what runs ends\n`]);
    const urgent = await running.jokbo('prioritise', programme, '1');
    expect(urgent.stderr).toBe(`${handle.workflowId}: priority 1\n`);
    await expect(handle.executeUpdate(FLEET_MESSAGES.prioritise, { args: [0] })).rejects.toThrow(
      WorkflowUpdateFailedError,
    );
    const progress = await handle.query<FleetProgress>(FLEET_MESSAGES.progress);
    expect(progress).toMatchObject({ paused: true, priority: 1, windows: [] });
    const status = await running.jokbo('status', programme);
    expect(status.stdout).toMatch(/^audit\/[0-9a-f]{16} {2}running, paused, since /);
    await running.jokbo('resume', programme);
    expect(await handle.query<FleetProgress>(FLEET_MESSAGES.progress)).toMatchObject({ paused: false });
    const cancelled = await running.jokbo('cancel', programme);
    expect(cancelled.stderr).toMatch(/^audit\/[0-9a-f]{16}: cancelled/);
    const remote = await ended;
    expect([remote.status, remote.stdout]).toEqual([3, '']);
    expect(remote.stderr).toContain('FleetUnavailable: the audit was cancelled');
  });

  it(
    'decides the rest of what failed, as the local driver does',
    { timeout: CASE_LIMIT_MS },
    async (context) => {
      const running = fleetOf(context);
      const broken = await running.upload('partial', FLEET_PROGRAMME, FLEET_MODELS);
      await running.write(`partial/${POISONED_SHARD}`, Buffer.from('poison'));
      const worker = await startWorker(running, 'partial');
      const run = (driver: string) =>
        running.jokbo(
          ...['audit', broken, '--format', 'json', '--no-database', '--on', driver],
          ...['--work', running.uri(driver === 'local' ? 'partial-local' : 'partial')],
          ...['--out', running.uri(`partial-report-${driver}`)],
        );
      const [near, far] = [await run('local'), await run('temporal')];
      expect(far.stdout, far.stderr).toBe(near.stdout);
      const { failures, pairs, leaderboard } = JSON.parse(near.stdout) as ResultDocument;
      expect(failures).toMatchObject({
        models: [{ id: 'llama', role: 'reference', code: 'MalformedCheckpoint', object: POISONED_SHARD }],
        comparisons: [],
      });
      expect(pairs.map(({ reference, verdict }) => [reference, verdict.reasons[0]?.code])).toEqual([
        ['llama', 'reference-failed'],
        ['glm', expect.any(String)],
      ]);
      expect(leaderboard[0]).toMatchObject({ references: 2 });
      for (const { status, stderr } of [near, far]) {
        expect(status, stderr).toBe(3);
        expect(stderr).toContain('jokbo: llama could not be read: MalformedCheckpoint: ');
      }
      const status = await running.jokbo('status', broken);
      expect(status.stdout).toMatch(/ completed, incomplete, /);
      expect(status.stdout).toMatch(/^ {2}failed: model llama: MalformedCheckpoint: /m);
      await killProcess(worker);
    },
  );

  it('names all that failed where nothing is left to decide', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const absent = FLEET_PROGRAMME.replace('./teams/c/exa-mini', './absent');
    const broken = await running.upload('broken', absent, FLEET_MODELS.slice(1));
    await running.write(`broken/${POISONED_SHARD}`, Buffer.from('poison'));
    const worker = await startWorker(running, 'broken');
    const run = (driver: string) =>
      running.jokbo('audit', broken, '--no-database', '--on', driver, '--work', running.uri('broken'));
    const [near, far] = [await run('local'), await run('temporal')];
    // A fleet tells of each failure while the rest runs, and of all at the end.
    const errorOf = ({ stderr }: Outcome) =>
      stderr.split('\n').filter((line) => /^jokbo: (?!failed: )/.test(line));
    expect(errorOf(near)).toEqual([
      expect.stringMatching(
        /AuditIncomplete: 2 parts failed: model exa: UsageError: there is no checkpoint .*; model llama: Malformed/,
      ),
    ]);
    expect([far.status, errorOf(far)]).toEqual([near.status, errorOf(near)]);
    await killProcess(worker);
  });

  it('tells what timed out as what failed', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const silent = await startWorker(running, 'timed-out');
    const run = (): Promise<Outcome> => {
      const out = ['--work', running.uri('timed-out'), '--out', running.uri('timed-out-report')];
      return audit(running, '--on', 'temporal', ...out);
    };
    const ended = run();
    const given = await stoppedWithWork(silent, await startedAudit());
    const other = await startWorker(running, 'timed-out');
    const remote = await ended;
    await killProcess(silent);
    const { failures } = JSON.parse(remote.stdout) as ResultDocument;
    expect(failures).toMatchObject({ models: [] });
    const timedOut = { code: 'TimeoutFailure', message: expect.stringMatching(/heartbeat/i) as string };
    expect(failures?.comparisons).toEqual(
      Array.from({ length: given }, () => expect.objectContaining(timedOut) as unknown),
    );
    expect(remote.status, remote.stderr).toBe(3);
    expect(remote.stderr).toMatch(/^jokbo: comparison .* failed: TimeoutFailure: /m);
    const status = await running.jokbo('status', programme);
    expect(status.stdout).toMatch(/^ {2}failed: .*: TimeoutFailure: /m);
    // Time may cure it: the next audit measures what is missing.
    expect((await run()).stdout).toBe(local.stdout);
    await killProcess(other);
  });

  // The last: from then on new audits start on that build alone.
  it('tells versions of workers apart', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const unknown = await running.jokbo('workers', '--use', 'other');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('no worker has told')]);
    const roles = ['--role', 'workflow,cpu', '--work', running.uri('versions'), '--threads', '1'];
    const worker = await running.startWorker(...roles, '--build', 'first');
    const used = await running.jokbo('workers', '--use', 'first', '--format', 'json');
    expect(used.status, used.stderr).toBe(0);
    const queues = JSON.parse(used.stdout) as { queue: string; workers: { build: string | null }[] }[];
    expect(queues.map(({ queue }) => queue)).toEqual(['jokbo-workflows', 'jokbo-cpu', 'jokbo-gpu']);
    for (const { workers } of queues.slice(0, 2)) {
      expect(workers.map(({ build }) => build)).toContain('first');
    }
    const options = ['--on', 'temporal', '--work', running.uri('versions'), '--out', running.uri('v-report')];
    const remote = await audit(running, ...options);
    expect(remote.stdout, remote.stderr).toBe(local.stdout);
    const { raw } = await client.workflow.getHandle(`audit/${sha256(programme).slice(0, 16)}`).describe();
    const version = raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion;
    expect(version).toMatchObject({ deploymentName: 'jokbo', buildId: 'first' });
    await killProcess(worker);
  });
});
