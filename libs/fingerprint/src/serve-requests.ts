import { parentPort } from 'node:worker_threads';
import { describeError } from './worker-errors.js';

/** What a worker answers, and the buffers that move to the asking thread instead of being copied. */
export interface Served {
  readonly result: unknown;
  readonly moved?: readonly ArrayBuffer[];
}

/**
 * Serves the requests of a worker pool on the calling thread, one at a time; the message `abort` aborts the signal
 * of the current one. Does nothing outside of a worker.
 */
export function serveRequests(serve: (request: unknown, signal: AbortSignal) => Promise<Served>): void {
  const port = parentPort;
  if (port === null) return;
  let current: AbortController | null = null;
  port.on('message', (message: unknown) => {
    if (message === 'abort') {
      current?.abort();
      return;
    }
    const controller = new AbortController();
    current = controller;
    void serve(message, controller.signal).then(
      ({ result, moved = [] }) => port.postMessage({ result }, [...moved]),
      (error: unknown) => port.postMessage({ error: describeError(error) }),
    );
  });
}
