import { open, rename, stat } from 'node:fs/promises';

/** A server that runs for months logs little; beyond this the log is set aside once. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;
/** Enough for the last start and its error, short enough for a message. */
const TAIL_BYTES = 4_096;
const TAIL_LINES = 15;

/** Size of the log in bytes, 0 when there is none. */
export async function logSize(log: string): Promise<number> {
  return stat(log).then(
    (found) => found.size,
    () => 0,
  );
}

/** Sets a log that has grown too large aside, over the one before it. For use while no server writes. */
export async function rotateLog(log: string): Promise<void> {
  if ((await logSize(log)) > MAX_LOG_BYTES) await rename(log, `${log}.1`);
}

/** Last lines of the log, of what was written after byte `from`; empty when there is nothing. */
export async function logTail(log: string, from = 0): Promise<string> {
  const end = await logSize(log);
  const start = Math.max(from, end - TAIL_BYTES, 0);
  if (end <= start) return '';
  const file = await open(log);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await file.close();
  }
}
