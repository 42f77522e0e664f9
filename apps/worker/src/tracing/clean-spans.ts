import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter, TimedEvent } from '@opentelemetry/sdk-trace-node';

/** What a span may hold: ids, names of workflows and queues, counts; never arguments, results or memos. */
const NAMED = [
  'attempt',
  'exception.message',
  'exception.type',
  'namespace',
  'runId',
  'run_id',
  'taskQueue',
  'temporalActivityId',
  'temporalUpdateId',
  'temporalWorkflowId',
  'workflowId',
  'workflowType',
];

/** Attributes of our own: counts. */
const OWN = 'jokbo.';

/** Longest text of a span, UTF-16 code units. */
const MAX_TEXT = 2_000;

/** An exporter that gets spans without anything that may hold a secret. */
export function cleanExporter(exporter: SpanExporter, redact: (text: string) => string): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(
        spans.map((span) => cleanSpan(span, redact)),
        done,
      ),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** A span with named attributes alone, texts without secrets, and no stacks. */
export function cleanSpan(span: ReadableSpan, redact: (text: string) => string): ReadableSpan {
  const text = (value: string): string => redact(value).slice(0, MAX_TEXT);
  const clean = (attributes: Attributes): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]): [string, string | number | boolean][] => {
        if (!NAMED.includes(name) && !name.startsWith(OWN)) return [];
        if (typeof value === 'string') return [[name, text(value)]];
        return typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [];
      }),
    );
  const { message, code } = span.status;
  const events: TimedEvent[] = span.events.map((event) => ({
    ...event,
    attributes: clean(event.attributes ?? {}),
  }));
  // What is not named here is that of the span: ids, times, the name of what ran.
  return Object.create(span, {
    attributes: { value: clean(span.attributes), enumerable: true },
    events: { value: events, enumerable: true },
    status: { value: message === undefined ? { code } : { code, message: text(message) }, enumerable: true },
  }) as ReadableSpan;
}
