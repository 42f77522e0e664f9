import type { WorkerInterceptors, WorkerOptions } from '@temporalio/worker';
import type { ObjectReads } from '../run-activity.js';

/** Traces of what a worker does. */
export interface Tracing {
  readonly interceptors: WorkerInterceptors;
  /** Where workflows of the traced bundle hand over their spans. */
  readonly sinks: NonNullable<WorkerOptions['sinks']>;
  /** Adds what an activity read to its span. */
  readonly traceReads: (reads: ObjectReads) => void;
  /** Sends what was not sent yet, and leaves nothing behind. */
  close(): Promise<void>;
}

/**
 * Traces, where OTEL_EXPORTER_OTLP_ENDPOINT says where they go; null elsewhere: then nothing of OpenTelemetry is loaded.
 *
 * @param redact takes secrets out of a text.
 */
export async function openTracing(
  environment: NodeJS.ProcessEnv,
  redact: (text: string) => string,
): Promise<Tracing | null> {
  if ((environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '') === '') return null;
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { startTracing } = await import('./start-tracing.js');
  return startTracing(new OTLPTraceExporter(), redact);
}
