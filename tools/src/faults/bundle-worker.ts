import { mkdtemp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What a worker process and its threads start with, as built. */
const ENTRIES: Readonly<Record<string, string>> = {
  main: 'apps/worker/dist/main.js',
  'activities-worker': 'apps/worker/workers/activities-worker.js',
  'compare-worker': 'libs/activities/workers/compare-worker.js',
  'shard-worker': 'libs/fingerprint/workers/shard-worker.js',
};

/** Where a module names the entry of a thread. */
const THREAD_ENTRY = /new URL\(\s*'\.\.\/workers\/(\w+-worker\.js)',\s*import\.meta\.url/g;

/** Files beside a module are found from where it lay, the entries of threads beside the bundle. */
const LOCATIONS: Plugin = {
  name: 'locations',
  transform(code, id) {
    // A module of the bundler itself lies nowhere.
    if (id.startsWith('\0') || !code.includes('import.meta.url')) return null;
    const [near, here] = ["new URL('./$1', import.meta_url", JSON.stringify(pathToFileURL(id).href)];
    return code
      .replace(THREAD_ENTRY, near)
      .replaceAll('import.meta.url', here)
      .replaceAll('import.meta_url', 'import.meta.url');
  },
};

/**
 * Packs the built worker into a few files, below a folder of this checkout: 700 modules that are found and compiled one by
 * one are two thirds of what the start of a worker and its threads costs, and a campaign starts a thousand.
 *
 * @returns the folder; its `main.js` exports `main`, as the worker does.
 */
export async function bundleWorker(): Promise<string> {
  const parent = join(ROOT, '.jokbo');
  await mkdir(parent, { recursive: true });
  // Packages that stay outside are found from here.
  const folder = await mkdtemp(join(parent, 'faults-worker-'));
  await build({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)])),
    platform: 'node',
    // It has native parts, and files that it starts threads with.
    external: [/^@temporalio\//, /^@opentelemetry\//],
    plugins: [LOCATIONS],
    logLevel: 'warn',
    output: { dir: folder, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  });
  return folder;
}
