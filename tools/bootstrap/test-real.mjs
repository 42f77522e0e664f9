import { prepare } from './prepare.mjs';
import { closeRun, vitestTotals } from './vitest-totals.mjs';

await prepare();
process.env.JOKBO_REAL = '1';
closeRun(await vitestTotals(['--config', 'tools/vitest.real.config.mjs', ...process.argv.slice(2)]));
