import { MalformedCheckpoint, MalformedTrainingRecord, type ByteSource, type Json } from '@jokbo/contracts';
import { safeJson } from '@jokbo/safetensors';
import { MAX_ROW_METRICS, type HistoryRow } from './history-row.js';

/** Longest line; a row of a few thousand metrics has 100 kB. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Bytes read at a time. */
const WINDOW_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** A row with its metrics, or with a media object in it: the values of such an object are not metrics. */
const ROW_LIMITS = {
  bytes: MAX_LINE_BYTES,
  values: 500_000,
  containers: 100_000,
  pythonFloats: true,
} as const;

/**
 * Reads `wandb-history.jsonl`: one JSON object a line, as W&B exports a history. One line is in memory at a time.
 *
 * @throws MalformedTrainingRecord `json` with the line and the byte at which it starts, `too-large`, `step`.
 */
export async function* readHistoryLines(
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<HistoryRow, void> {
  let line = 0;
  for await (const { bytes, offset } of lines(source, signal)) {
    line += 1;
    if (bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)) continue;
    yield historyRow(bytes, { object: source.uri, line, offset });
  }
}

async function* lines(
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly offset: number }, void> {
  const { size, uri: object } = source;
  let carried = new Uint8Array(0);
  let carriedFrom = 0;
  for (let start = 0; start < size; start += WINDOW_BYTES) {
    const window = new Uint8Array(Math.min(WINDOW_BYTES, size - start));
    await source.read({ start, end: start + window.length }, window, signal);
    let from = 0;
    for (let end = window.indexOf(NEWLINE); end !== -1; end = window.indexOf(NEWLINE, from)) {
      const piece = window.subarray(from, end);
      const offset = carried.length > 0 ? carriedFrom : start + from;
      yield { bytes: carried.length > 0 ? Buffer.concat([carried, piece]) : piece, offset };
      carried = new Uint8Array(0);
      from = end + 1;
    }
    if (carried.length === 0) carriedFrom = start + from;
    carried = new Uint8Array(Buffer.concat([carried, window.subarray(from)]));
    if (carried.length > MAX_LINE_BYTES) {
      throw new MalformedTrainingRecord('too-large', `a line of more than ${MAX_LINE_BYTES} bytes`, {
        object,
        value: `byte ${carriedFrom}`,
      });
    }
  }
  if (carried.length > 0) yield { bytes: carried, offset: carriedFrom };
}

interface LinePlace {
  readonly object: string;
  readonly line: number;
  readonly offset: number;
}

function historyRow(bytes: Uint8Array, place: LinePlace): HistoryRow {
  const fail = (rule: string, message: string, cause?: unknown): MalformedTrainingRecord =>
    new MalformedTrainingRecord(rule, `line ${place.line}: ${message}`, {
      object: place.object,
      value: `byte ${place.offset}`,
      cause,
    });
  let json: Json;
  try {
    json = safeJson(bytes, ROW_LIMITS, place.object);
  } catch (cause) {
    if (!(cause instanceof MalformedCheckpoint)) throw cause;
    throw fail('json', cause.message, cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw fail('json', 'not an object');
  const values = new Map<string, number>();
  for (const [name, value] of Object.entries(json)) {
    const number = numberOf(value);
    if (number !== null) values.set(name, number);
    if (values.size > MAX_ROW_METRICS) throw fail('too-large', `more than ${MAX_ROW_METRICS} metrics`);
  }
  const step = values.get('_step');
  if (step === undefined || !Number.isSafeInteger(step) || step < 0) throw fail('step', 'no whole _step');
  return { step, values, offset: place.offset };
}

/** Python writes non-finite numbers as words, which the reader of JSON hands over as texts. */
function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return null;
}
