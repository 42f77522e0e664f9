import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, expect, it } from 'vitest';
import type { ThreadOptions } from './activity-messages.js';
import { openActivityThread, type ActivityThread } from './activity-thread.js';
import { runActivity } from './run-activity.js';
import { observer } from './testing/observer.js';

/** Heartbeats that arrive while an activity computes. */
const HEARTBEATS = 2;

/** A thread that computes until enough heartbeats were seen, and hears nothing meanwhile. */
const COMPUTING = `
import { parentPort, workerData } from 'node:worker_threads';
const seen = new Int32Array(workerData.seen);
parentPort.on('message', ({ call }) => {
  while (Atomics.load(seen, 0) < ${HEARTBEATS});
  parentPort.postMessage({ call, result: 'computed' });
});`;

let thread: ActivityThread | undefined;
afterEach(() => thread?.close());

it('sends heartbeats while its thread computes without a pause', async () => {
  const seen = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const options = { work: '', seen: seen.buffer } as ThreadOptions;
  const entry = new URL(`data:text/javascript,${encodeURIComponent(COMPUTING)}`);
  thread = openActivityThread(options, () => undefined, entry);
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', () => Atomics.add(seen, 0, 1));
  const opened = thread;
  const run = environment.run(() => runActivity(opened, 'plan', [], observer()));
  await expect(run).resolves.toBe('computed');
  expect(Atomics.load(seen, 0)).toBeGreaterThanOrEqual(HEARTBEATS);
}, 60_000);

it('sends none for an activity that ends before the first is due', async () => {
  const entry = new URL(
    `data:text/javascript,${encodeURIComponent(`
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ call }) => parentPort.postMessage({ call, result: 'computed' }));`)}`,
  );
  thread = openActivityThread({ work: '' }, () => undefined, entry);
  const environment = new MockActivityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const opened = thread;
  await expect(environment.run(() => runActivity(opened, 'plan', [], observer()))).resolves.toBe('computed');
  expect(beats).toBe(0);
});
