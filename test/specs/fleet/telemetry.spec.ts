import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET_QUEUES } from '@jokbo/contracts';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startFleet, type Fleet } from './fleet.js';

/** Milliseconds that one case may take where many processes share few cores. */
const CASE_LIMIT_MS = 300_000;

/** Milliseconds between two looks at what runs. */
const LOOK_MS = 300;

const PROGRAMME = `version: 1
name: Watched from outside
language: en
subjects:
  - { id: own, team: T, release: R, source: ./refs/llama-mini-s2 }
references:
  - { id: base, name: B, source: ./refs/llama-mini-s2 }
controls: { negative: [base] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

const PASSWORD = 'correct-horse-battery';

/** One span as OTLP over HTTP tells it, as far as it is looked at. */
interface Span {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

interface Collected {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

let fleet: Fleet | string;
let collector: Server;
const bodies: string[] = [];
beforeAll(async () => {
  fleet = await startFleet();
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
}, CASE_LIMIT_MS);
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  collector.close();
  if (typeof fleet !== 'string') await fleet.close();
});

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it(
  'traces, metrics and logs tell of an audit, and no secret',
  { timeout: CASE_LIMIT_MS },
  async (context) => {
    if (typeof fleet === 'string') return context.skip(fleet);
    const { port } = collector.address() as AddressInfo;
    const metricsPort = await freePort();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
    // Nobody answers there: `publish` is tried again and again, with errors that tell what they could not reach.
    vi.stubEnv('DATABASE_URL', `postgres://owner:${PASSWORD}@127.0.0.1:1/jokbo`);
    const programme = await fleet.upload('telemetry', PROGRAMME, ['refs/llama-mini-s2']);
    const places = ['--work', fleet.uri('telemetry-work'), '--metrics', `127.0.0.1:${metricsPort}`];
    const worker = await fleet.startWorker('--role', 'workflow,cpu', '--threads', '1', ...places);
    let log = '';
    worker.stderr?.on('data', (piece: Buffer) => (log += piece.toString()));

    const connection = await Connection.connect({ address: fleet.address });
    const client = new Client({ connection, namespace: fleet.namespace });
    const handle = await client.workflow.start('auditProgramme', {
      ...{ workflowId: 'audit/telemetry', taskQueue: FLEET_QUEUES.workflow, args: [{ programme }] },
    });
    let metrics = '';
    while (!/^jokbo_activity_retries_total\{.*activity="publish".*\} [1-9]/m.test(metrics)) {
      await sleep(LOOK_MS);
      metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    }
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    const gone = once(worker, 'exit');
    worker.kill('SIGTERM');
    await gone;
    await connection.close();

    const own = metrics
      .split('\n')
      .filter((line) => line.startsWith('jokbo_'))
      .join('\n');
    expect(own).toMatch(/^jokbo_activities_total\{.*activity="fingerprint".*outcome="done".*\} [1-9]/m);
    expect(own).toMatch(/^jokbo_activities_total\{.*activity="publish".*outcome="failed".*\} [1-9]/m);
    expect(own).toMatch(/^jokbo_comparisons_total\{.*backend="wasm".*\} [1-9]/m);
    expect(own).toMatch(/^jokbo_read_total(\{.*\})? [1-9]\d{4,}/m);
    expect(own).toMatch(/^jokbo_read_rate_count\{.*activity="fingerprint".*\} [1-9]/m);
    for (const queue of Object.values(FLEET_QUEUES)) {
      expect(own).toMatch(new RegExp(`^jokbo_queue_workers\\{.*queue="${queue}".*\\} \\d`, 'm'));
    }
    expect(own).toMatch(/^jokbo_queue_lag\{.*queue="jokbo-cpu".*\} \d/m);

    const spans = bodies
      .map((body) => JSON.parse(body) as Collected)
      .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
      .flatMap(({ spans: own }) => own);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const wayTo = (span: Span | undefined): string[] =>
      span === undefined ? [] : [...wayTo(byId.get(span.parentSpanId ?? '')), span.name];
    const read = spans.find(({ name }) => name === 'ReadObjects');
    const way = wayTo(read);
    expect(way[0]).toBe('RunWorkflow:auditProgramme');
    expect(way.slice(1)).toEqual([
      'StartChildWorkflow:stageWindow',
      'RunWorkflow:stageWindow',
      'StartActivity:fingerprint',
      'RunActivity:fingerprint',
      'ReadObjects',
    ]);
    expect(read?.attributes.map(({ key }) => key).sort()).toEqual(['jokbo.bytes', 'jokbo.parts']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);

    const { AWS_SECRET_ACCESS_KEY = '', AWS_ACCESS_KEY_ID = '' } = fleet.environment;
    expect(AWS_SECRET_ACCESS_KEY).not.toBe('');
    expect(log).toContain('publish');
    for (const secret of [AWS_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID, PASSWORD]) {
      expect(log).not.toContain(secret);
      expect(metrics).not.toContain(secret);
      expect(bodies.join('\n')).not.toContain(secret);
    }
  },
);
