import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** Hashes 64 MB of memory again and again for the time given; answers GB/s. */
const bytes = new Uint8Array(64 * 1024 * 1024).fill(7);
createHash('sha256').update(bytes).digest();
const start = performance.now();
let calls = 0;
do {
  createHash('sha256').update(bytes).digest();
  calls += 1;
} while (performance.now() - start < workerData.milliseconds);
parentPort.postMessage((bytes.length * calls) / (performance.now() - start) / 1e6);
