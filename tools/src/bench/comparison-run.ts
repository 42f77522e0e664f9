import { compareModels } from '@jokbo/evidence';
import { openFingerprint } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { GLM, SOLAR } from './large-models.js';
import { madeUpFingerprint } from './made-up-runner.js';

/** Compares two fingerprints of 100B models on argv[2] threads; prints seconds and peak memory. Run as a process. */
const [, , threads = '2', only] = process.argv;
const subject = openFingerprint(await madeUpFingerprint(SOLAR, 1));
const reference = openFingerprint(await madeUpFingerprint(GLM, 2));
const backend = await createWasmBackend({ threads: Number(threads) });
const start = performance.now();
const { records, maps } = await compareModels(subject, reference, backend, {
  ...(only === undefined ? {} : { components: [only as 'attention'] }),
});
const seconds = (performance.now() - start) / 1000;
await backend.close();
const scores = records.map(({ component, method, z }) => [`${component} ${method}`, z] as const);
console.log(
  JSON.stringify({
    seconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    maps: maps.length,
    z: Object.fromEntries<number | null>(scores),
  }),
);
