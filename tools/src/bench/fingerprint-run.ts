import { createTaskRunner, fingerprintCheckpoint } from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';

/** Fingerprints the folder in argv[2] on argv[3] threads and prints seconds and peak memory; run as a process. */
const [, , folder = '', threads = '1'] = process.argv;
const store = openStore(folder);
const checkpoint = await readCheckpoint(store, store.uri);
const runner = createTaskRunner({ threads: Number(threads) });
const parts = new Map<string, readonly Uint8Array[]>();
const start = performance.now();
const fingerprint = await fingerprintCheckpoint(checkpoint, store, runner, {
  get: (key) => Promise.resolve(parts.has(key) ? Buffer.concat(parts.get(key) ?? []) : null),
  put: (key, value) => {
    parts.set(key, value instanceof Uint8Array ? [value] : value);
    return Promise.resolve();
  },
});
const seconds = (performance.now() - start) / 1000;
await runner.close();
await store.close();
console.log(
  JSON.stringify({ id: fingerprint.id, seconds, peakRssBytes: process.resourceUsage().maxRSS * 1024 }),
);
