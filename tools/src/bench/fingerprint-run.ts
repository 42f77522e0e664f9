import { createTaskRunner, fingerprintCheckpoint } from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';

/**
 * Fingerprints the folder in argv[2] on argv[3] threads several times, each time with nothing stored, and prints seconds
 * and peak memory; run as a process. The first time starts the threads and compiles what they run; of the others, which
 * find both, as all of a model but its first gigabytes does, the best is kept, as of SHA-256.
 */
const [, , folder = '', threads = '1'] = process.argv;

/** Fingerprints on threads that run. */
const RUNNING_RUNS = 4;
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
let runningSeconds = Infinity;
for (let run = 0; run < RUNNING_RUNS; run += 1) runningSeconds = Math.min(runningSeconds, await seconds());
await runner.close();
await store.close();
console.log(
  JSON.stringify({
    startingSeconds,
    seconds: runningSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
