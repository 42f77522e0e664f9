import { VERSION } from '@jokbo/activities';
import { context, propagation, trace } from '@opentelemetry/api';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import { cleanExporter } from './clean-spans.js';
import type { Tracing } from './open-tracing.js';

/** Milliseconds that a batch of spans may take to be sent: whoever collects them never holds up a worker that stops. */
const SENDING_MS = 5_000;

/** Spans of what an audit, its windows and their activities do, and what these read, to an exporter. */
export function startTracing(exporter: SpanExporter, redact: (text: string) => string): Tracing {
  const resource = new Resource({
    ...Resource.default().attributes,
    'service.name': process.env['OTEL_SERVICE_NAME'] ?? 'jokbo-worker',
    'service.version': VERSION,
  });
  const processor = new BatchSpanProcessor(cleanExporter(exporter, redact), {
    exportTimeoutMillis: SENDING_MS,
  });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  // The interceptors find propagation and the active span where the API keeps them: globally.
  provider.register();
  const tracer = provider.getTracer('jokbo-worker');
  return {
    interceptors: {
      activity: [
        (activity) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(activity, { tracer }) }),
      ],
    },
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
    traceReads({ bytes, parts, from, to }) {
      const attributes = { 'jokbo.bytes': bytes, 'jokbo.parts': parts };
      const startTime = new Date(from);
      tracer.startSpan('ReadObjects', { startTime, attributes }, context.active()).end(new Date(to));
    },
    async close() {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
