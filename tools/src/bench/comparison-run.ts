import { compareModels } from '@jokbo/evidence';
import { openFingerprint } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { GLM, SOLAR } from './large-models.js';
import { madeUpFingerprint } from './made-up-runner.js';

/**
 * Compares two fingerprints of 100B models on argv[2] threads; prints seconds, processor seconds and peak memory. Run as
 * a process. argv[3] is one component, or `disguises` for all of them with tier 3.
 */
const [, , threads = '2', only] = process.argv;
const disguises = only === 'disguises';
const subject = openFingerprint(await madeUpFingerprint(SOLAR, 1));
const reference = openFingerprint(await madeUpFingerprint(GLM, 2));
const backend = await createWasmBackend({ threads: Number(threads) });
const start = performance.now();
const before = process.cpuUsage();
const { records, maps } = await compareModels(subject, reference, backend, {
  disguises,
  ...(only === undefined || disguises ? {} : { components: [only as 'attention'] }),
});
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
await backend.close();
const scores = records.map(({ component, method, z }) => [`${component} ${method}`, z] as const);
console.log(
  JSON.stringify({
    seconds,
    processorSeconds: (user + system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    maps: maps.length,
    z: Object.fromEntries<number | null>(scores),
  }),
);
