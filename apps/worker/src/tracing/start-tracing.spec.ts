import { context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanSpan } from './clean-spans.js';
import { openTracing, type Tracing } from './open-tracing.js';
import { startTracing } from './start-tracing.js';

const SECRET = 'wJalrXUtnFEMI';

const redact = (text: string): string => text.replaceAll(SECRET, '***');

let tracing: Tracing | null = null;
afterEach(() => tracing?.close());

/** An exporter that keeps its spans when it is shut down. */
class KeepingExporter extends InMemorySpanExporter {
  override shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Runs an activity as a worker with these interceptors does; the spans that it left. */
async function spansOf(run: (tracing: Tracing) => Promise<void>): Promise<ReadableSpan[]> {
  const exporter = new KeepingExporter();
  const opened = startTracing(exporter, redact);
  tracing = opened;
  const environment = new MockActivityEnvironment(
    { activityType: 'readShards' },
    { interceptors: [...(opened.interceptors.activity ?? [])] },
  );
  await environment.run(() => run(opened)).catch(() => undefined);
  await opened.close();
  return exporter.getFinishedSpans();
}

describe('traces', () => {
  it('are none, and load nothing, where nobody collects them', async () => {
    expect(await openTracing({}, redact)).toBeNull();
    expect(await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, redact)).toBeNull();
  });

  it('put what an activity read below the activity', async () => {
    const [reads, activity, ...others] = await spansOf(async ({ traceReads }) => {
      await Promise.resolve();
      traceReads({ bytes: 1e6, parts: 3, from: 1_000, to: 2_500 });
    });
    expect(others).toEqual([]);
    expect(activity?.name).toBe('RunActivity:readShards');
    expect(reads).toMatchObject({ name: 'ReadObjects', startTime: [1, 0], endTime: [2, 5e8] });
    expect(reads?.attributes).toEqual({ 'jokbo.bytes': 1e6, 'jokbo.parts': 3 });
    expect(reads?.parentSpanId).toBe(activity?.spanContext().spanId);
    expect(reads?.spanContext().traceId).toBe(activity?.spanContext().traceId);
  });

  it('tell of a failure without secrets and stacks', async () => {
    const [failed] = await spansOf(() => Promise.reject(new Error(`the key ${SECRET} is unknown`)));
    expect(failed?.status.message).toBe('the key *** is unknown');
    expect(failed?.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.message': 'the key *** is unknown' } },
    ]);
    expect(JSON.stringify([failed?.events, failed?.status, failed?.attributes])).not.toMatch(
      /wJalr|stacktrace|\.ts:/,
    );
  });

  it('leave nothing behind', async () => {
    await spansOf(() => Promise.resolve());
    expect(trace.getTracer('any').startSpan('any').isRecording()).toBe(false);
    expect(propagation.fields()).toEqual([]);
    expect(context.active()).toBe(context.active());
  });
});

describe('cleanSpan', () => {
  it('leaves out what it does not know: memos, arguments, search attributes', () => {
    const span = {
      name: 'RunWorkflow:auditProgramme',
      status: { code: 1 },
      events: [],
      attributes: {
        ...{ workflowId: `audit/${SECRET}`, attempt: 2, memo: { key: SECRET }, args: SECRET },
        searchAttributes: [SECRET],
      },
    } as unknown as ReadableSpan;
    const clean = cleanSpan(span, redact);
    expect(clean.attributes).toEqual({ workflowId: 'audit/***', attempt: 2 });
    expect(clean.name).toBe('RunWorkflow:auditProgramme');
    expect(clean.status).toEqual({ code: 1 });
  });
});
