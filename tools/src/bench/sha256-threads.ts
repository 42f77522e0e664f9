import { Worker } from 'node:worker_threads';

const WORKER = new URL('../../workers/sha256-worker.js', import.meta.url);

/** SHA-256 of memory on so many threads at once: GB/s of all together. */
export async function sha256OnThreads(threads: number, milliseconds: number): Promise<number> {
  const rates = await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(WORKER, { workerData: { milliseconds } });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return rates.reduce((sum, rate) => sum + rate, 0);
}
