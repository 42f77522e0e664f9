import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const MEMORY_WORKER = new URL('../../workers/sha256-worker.js', import.meta.url);
const FILES_WORKER = new URL('../../workers/sha256-files-worker.js', import.meta.url);

function answerOf(entry: URL, workerData: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** SHA-256 of memory on so many threads at once: GB/s of all together. */
export async function sha256OnThreads(threads: number, milliseconds: number): Promise<number> {
  const rates = await Promise.all(
    Array.from({ length: threads }, () => answerOf(MEMORY_WORKER, { milliseconds })),
  );
  return rates.reduce<number>((sum, rate) => sum + Number(rate), 0);
}

/**
 * SHA-256 of the shards of a checkpoint, as `sha256sum` would on so many threads: started, read and hashed, in GB/s.
 * Each thread gets an equal share of the bytes, as far as whole files allow.
 */
export async function sha256OfFiles(folder: string, threads: number): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })),
  );
  const shares = Array.from({ length: threads }, () => ({ paths: [] as string[], bytes: 0 }));
  for (const { path, size } of files.sort((a, b) => b.size - a.size)) {
    const smallest = shares.reduce((least, share) => (share.bytes < least.bytes ? share : least));
    smallest.paths.push(path);
    smallest.bytes += size;
  }
  const start = performance.now();
  await Promise.all(shares.map(({ paths }) => answerOf(FILES_WORKER, { paths })));
  return files.reduce((sum, { size }) => sum + size, 0) / (performance.now() - start) / 1e6;
}
