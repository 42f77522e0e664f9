import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FLEET_QUEUES, type AuditRequest, type ResultReference } from '@jokbo/contracts';
import { Client, Connection } from '@temporalio/client';
import { startLocalFleet, uploadZoo, type FoundTemporal, type LocalFleet } from '../servers/index.js';
import { activityTimes, type ActivityTimes } from './activity-times.js';
import type { LocalAudit } from './local-run.js';
import { childProcessorSeconds } from './processor-seconds.js';
import { WARM_UP } from './warm-up-programme.js';

const LOCAL = fileURLToPath(new URL('./local-run.js', import.meta.url));

/** As `jokbo` starts: see apps/cli/bin/jokbo.js. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Workers that run activities, one thread each; the local driver has as many threads. */
const WORKERS = 2;

export interface ZooFigures {
  /** The audit of the zoo by a local driver of two threads, and by two workers of one. */
  readonly local: LocalAudit;
  readonly fleetSeconds: number;
  /** Processor seconds of the processes of the fleet, meanwhile. */
  readonly processors: {
    readonly cpu: number;
    readonly workflow: number;
    /** Temporal and S3. */
    readonly servers: number;
    /** Of the S3 server alone. */
    readonly localServers: number;
  };
  readonly activities: readonly ActivityTimes[];
}

/**
 * Audits the zoo on servers of its own: by the local driver and by workers, each from a work folder in the bucket that holds
 * nothing of the zoo, each in processes that have audited other models before.
 *
 * @throws Error where the two results differ.
 */
export async function measureZoo(
  temporal: FoundTemporal,
  versitygw: string,
  say: (line: string) => void,
): Promise<ZooFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo bench zoo '));
  const fleet = await startLocalFleet({ temporal, versitygw, folder });
  try {
    say('copying the zoo to a bucket');
    const zoo = await uploadZoo(fleet);
    await fleet.write('zoo/warm-up.yaml', Buffer.from(WARM_UP));
    const warmUp = fleet.uri('zoo/warm-up.yaml');
    const local = await runLocally(fleet, [warmUp, zoo]);
    say(`local driver: ${local.audit.seconds.toFixed(1)} s`);
    const remote = await runOnFleet(fleet, warmUp, zoo, say);
    if (remote.result !== local.audit.digest) throw new Error('the fleet gave another result');
    const { seconds, activities, processors } = remote;
    return {
      ...{ local: local.audit, fleetSeconds: seconds, activities },
      processors: { ...processors, localServers: local.servers },
    };
  } finally {
    await fleet.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface RunLocally {
  readonly audit: LocalAudit;
  readonly servers: number;
}

/** The last of some audits of one process. */
async function runLocally(fleet: LocalFleet, programmes: readonly string[]): Promise<RunLocally> {
  const args = [LOCAL, fleet.uri('local'), String(WORKERS), ...programmes];
  const child = spawn(process.execPath, ['--no-incremental-marking', ...args], {
    env: { ...process.env, ...fleet.environment, ...QUIET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const others = async (): Promise<number> =>
    sumOf(await childProcessorSeconds(), (pid) => pid !== child.pid);
  const audits: LocalAudit[] = [];
  let servers = await others();
  let before = servers;
  let unread = '';
  for await (const piece of child.stdout) {
    unread += String(piece);
    const lines = unread.split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) {
      audits.push(JSON.parse(line) as LocalAudit);
      before = servers;
      servers = await others();
    }
  }
  if (child.exitCode === null) await once(child, 'exit');
  const audit = audits.at(-1);
  if (child.exitCode !== 0 || audits.length !== programmes.length || audit === undefined) {
    throw new Error('the local driver failed');
  }
  return { audit, servers: servers - before };
}

type RunOnFleet = Pick<ZooFigures, 'activities'> & {
  readonly result: string;
  readonly seconds: number;
  readonly processors: Omit<ZooFigures['processors'], 'localServers'>;
};

async function runOnFleet(
  fleet: LocalFleet,
  warmUp: string,
  zoo: string,
  say: (line: string) => void,
): Promise<RunOnFleet> {
  const { address, namespace } = fleet;
  const work = ['--work', fleet.uri('work'), '--threads', '1'];
  const workflow = await fleet.startWorker('--role', 'workflow', ...work);
  const cpu = new Set<number | undefined>();
  for (let worker = 0; worker < WORKERS; worker += 1) {
    cpu.add((await fleet.startWorker('--role', 'cpu', ...work)).pid);
  }
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const audit = async (name: string, programme: string): Promise<string> => {
      type Audit = (request: AuditRequest) => Promise<ResultReference>;
      const { result } = await client.workflow.execute<Audit>('auditProgramme', {
        workflowId: `audit/${name}`,
        taskQueue: FLEET_QUEUES.workflow,
        args: [{ programme, backend: 'wasm' }],
      });
      return result;
    };
    await audit('warm-up', warmUp);
    const before = await childProcessorSeconds();
    const began = performance.now();
    const result = await audit('zoo', zoo);
    const seconds = (performance.now() - began) / 1000;
    const after = await childProcessorSeconds();
    say(`fleet: ${seconds.toFixed(1)} s`);
    const used = new Map([...after].map(([pid, total]) => [pid, total - (before.get(pid) ?? 0)]));
    const processors = {
      cpu: sumOf(used, (pid) => cpu.has(pid)),
      workflow: sumOf(used, (pid) => pid === workflow.pid),
      servers: sumOf(used, (pid) => !cpu.has(pid) && pid !== workflow.pid),
    };
    return { result, seconds, processors, activities: await activityTimes(client, 'audit/zoo') };
  } finally {
    await connection.close();
  }
}

function sumOf(seconds: ReadonlyMap<number, number>, counts: (pid: number) => boolean): number {
  return [...seconds].reduce((sum, [pid, value]) => sum + (counts(pid) ? value : 0), 0);
}
