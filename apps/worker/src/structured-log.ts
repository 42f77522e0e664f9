import { DefaultLogger, type LogEntry } from '@temporalio/worker';

/** What a line may hold beside its message: ids and counts, never arguments, results or environment. */
const FIELDS = [
  'activityId',
  'activityType',
  'attempt',
  'namespace',
  'runId',
  'workflowRunId',
  'state',
  'taskQueue',
  'workflowId',
  'workflowType',
];

/** Longest message of a line, UTF-16 code units. */
const MAX_MESSAGE = 2_000;

/**
 * A logger that writes one JSON object per line.
 *
 * @param redact takes secrets out of a text.
 */
export function structuredLog(
  write: (line: string) => void,
  redact: (text: string) => string,
): DefaultLogger {
  return new DefaultLogger('INFO', (entry) => write(`${JSON.stringify(logLine(entry, redact))}\n`));
}

/** One line of a log: time, level, message, what it is about, and the message of an error. */
export function logLine(
  { level, message, timestampNanos, meta = {} }: LogEntry,
  redact: (text: string) => string = (text) => text,
): Record<string, unknown> {
  const fields: Record<string, unknown> = meta;
  const about = FIELDS.flatMap((name) => (name in fields ? [[name, fields[name]] as const] : []));
  const { error } = fields;
  return {
    time: new Date(Number(timestampNanos / 1_000_000n)).toISOString(),
    level: level.toLowerCase(),
    message: redact(message).slice(0, MAX_MESSAGE),
    ...Object.fromEntries(about),
    ...(error instanceof Error
      ? { error: redact(`${error.name}: ${error.message}`).slice(0, MAX_MESSAGE) }
      : {}),
  };
}
