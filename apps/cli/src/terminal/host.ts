import type { Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where a command writes: the result to `stdout`, everything else to `stderr`. */
export interface Host {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Terminal columns where a stream does not say. */
const DEFAULT_COLUMNS = 100;

/** Columns that a stream has: its own, then `COLUMNS`, then 100. */
export function columnsOf(stream: OutputStream): number {
  const told = Number(process.env['COLUMNS'] ?? '');
  if (stream.columns !== undefined && stream.columns > 0) return stream.columns;
  return Number.isInteger(told) && told > 0 ? told : DEFAULT_COLUMNS;
}
