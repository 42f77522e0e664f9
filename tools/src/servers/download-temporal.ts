import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { cacheFolder } from './cache-folder.js';

/** Milliseconds after which a network that swallows packets counts as none. */
const DOWNLOAD_LIMIT_MS = 120_000;

/**
 * The server as the SDK downloads it; null where the network does not allow that. The SDK starts what it downloads, so
 * that the program is known to run here.
 */
export async function downloadTemporal(version: string, say: (line: string) => void): Promise<string | null> {
  const folder = cacheFolder('temporal-download');
  await mkdir(folder, { recursive: true });
  const executable = { type: 'cached-download', downloadDir: folder, version: `v${version}` } as const;
  const started = TestWorkflowEnvironment.createLocal({ server: { executable } });
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error('the download took too long')), DOWNLOAD_LIMIT_MS);
  });
  try {
    await (await Promise.race([started, late])).teardown();
  } catch (error) {
    started.then(
      (environment) => environment.teardown(),
      () => undefined,
    );
    say(`no download of the Temporal server: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    clearTimeout(deadline);
  }
  const [file] = (await readdir(folder)).filter((name) => name.includes(version));
  return file === undefined ? null : join(folder, file);
}
