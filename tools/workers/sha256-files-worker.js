import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Hashes the files given, one after the other, in pieces as large as those of the fingerprint. */
const buffer = new Uint8Array(8 * 1024 * 1024);
for (const path of workerData.paths) {
  const file = openSync(path, 'r');
  const hash = createHash('sha256');
  for (let length = -1; length !== 0;) {
    length = readSync(file, buffer, 0, buffer.length, null);
    hash.update(buffer.subarray(0, length));
  }
  closeSync(file);
  hash.digest();
}
parentPort.postMessage('done');
