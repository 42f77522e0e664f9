import { createTaskRunner, fingerprintCheckpoint } from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';

/**
 * Fingerprints the folder in argv[2] on argv[3] threads twice, each time with nothing stored, and prints seconds and peak
 * memory; run as a process. The first time starts the threads, the second finds them, as every model of an audit but
 * the first does.
 */
const [, , folder = '', threads = '1'] = process.argv;
const store = openStore(folder);
const checkpoint = await readCheckpoint(store, store.uri);
const runner = createTaskRunner({ threads: Number(threads) });

async function seconds(): Promise<number> {
  const parts = new Map<string, readonly Uint8Array[]>();
  const start = performance.now();
  await fingerprintCheckpoint(checkpoint, store, runner, {
    get: (key) => Promise.resolve(parts.has(key) ? Buffer.concat(parts.get(key) ?? []) : null),
    put: (key, value) => {
      parts.set(key, value instanceof Uint8Array ? [value] : value);
      return Promise.resolve();
    },
  });
  return (performance.now() - start) / 1000;
}

const startingSeconds = await seconds();
const runningSeconds = await seconds();
await runner.close();
await store.close();
console.log(
  JSON.stringify({
    startingSeconds,
    seconds: runningSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
