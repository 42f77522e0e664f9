import { openParts } from '@jokbo/activities';
import { storeFingerprint } from '@jokbo/fingerprint';
import { GLM, SOLAR } from './large-models.js';
import { madeUpFingerprint } from './made-up-runner.js';

/** Stores fingerprints of two 100B models in the work folder argv[2] and prints their ids. Run as a process. */
const [, , work = ''] = process.argv;
const parts = openParts(work, () => undefined);
const ids: string[] = [];
for (const [index, shape] of [SOLAR, GLM].entries()) {
  ids.push((await storeFingerprint(parts, await madeUpFingerprint(shape, index + 1))).id);
}
await parts.close();
console.log(JSON.stringify(ids));
