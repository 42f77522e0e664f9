import { parentPort } from 'node:worker_threads';
import { describeError } from './worker-errors.js';

/**
 * Serves the requests of a worker pool on the calling thread, one at a time; the message `abort` aborts the signal
 * of the current one. Does nothing outside of a worker.
 */
export function serveRequests(serve: (request: unknown, signal: AbortSignal) => Promise<unknown>): void {
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
      (result) => port.postMessage({ result }),
      (error: unknown) => port.postMessage({ error: describeError(error) }),
    );
  });
}
