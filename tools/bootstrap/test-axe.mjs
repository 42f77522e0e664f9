import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepare } from './prepare.mjs';
import { closeRun, vitestTotals } from './vitest-totals.mjs';
import { ROOT, progress } from './workspace.mjs';

/** Accessibility of every row of a result: `test-axe.mjs [result.json]`, of the demo where none is named. */
const [, , result = join(ROOT, '.jokbo', 'demo', 'result.json')] = process.argv;
if (existsSync(result)) {
  await prepare();
  process.env.JOKBO_AXE_RESULT = resolve(result);
  closeRun(await vitestTotals(['--config', 'tools/vitest.axe.config.mjs']));
} else {
  progress(`there is no ${result}: npm run demo makes it, or name a result`);
  process.exitCode = 2;
}
