import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findTemporal } from '../servers/index.js';
import { CANCEL_SCENARIOS } from './cancel-scenarios.js';
import { startFaultFleet } from './fault-fleet.js';
import { faultsDocument } from './faults-document.js';
import { killedWorkers } from './killed-workers.js';
import { OVERLAP } from './overlap-scenarios.js';
import { runCampaign } from './run-campaign.js';
import type { Scenario } from './scenario.js';
import { SERVER_SCENARIOS } from './server-scenarios.js';
import { STORAGE_SCENARIOS } from './storage-scenarios.js';
import { WORKER_SCENARIOS } from './worker-scenarios.js';

const DOCUMENT = fileURLToPath(new URL('../../../docs/faults.md', import.meta.url));

/** Kills of the short form: a few minutes. */
const FEW_KILLS = '8';

/** What continuous integration runs: one of each kind. */
const SHORT = [
  'between commit',
  'by token',
  'Temporal',
  'Postgres',
  '503',
  'reset',
  'replaced',
  'poison',
  'two looks',
  'compare',
  'random',
];

const WITHOUT_FAULTS: Scenario = {
  name: 'none',
  fails: null,
  run: async ({ fleet, ended }) => ({ faults: 0, errors: [], end: await ended(await fleet.audit()) }),
};

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: FEW_KILLS },
    seed: { type: 'string', default: 'faults' },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    /** File for how many scenarios passed and failed. */
    totals: { type: 'string' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const found = await findTemporal({ make: false, say: () => undefined });
if (found === null || !('executable' in found)) {
  const reason = 'no Temporal server of its own: npm run provision makes one';
  say(`skipped: ${reason}`);
  await writeTotals({ passed: 0, failed: 0, skipped: [{ name: 'fault campaign', reason }] });
} else {
  const all = [
    // The longest first: a campaign that is cut short has it.
    killedWorkers(Number(values.kills)),
    ...WORKER_SCENARIOS,
    ...SERVER_SCENARIOS,
    ...STORAGE_SCENARIOS,
    ...CANCEL_SCENARIOS,
    OVERLAP,
  ];
  const chosen = all.filter(
    ({ name }) =>
      (values.only === undefined || new RegExp(values.only).test(name)) &&
      (!values.short || SHORT.some((part) => name.includes(part))),
  );
  let stopped = false;
  process.once('SIGTERM', () => void (stopped = true));
  const fleet = await startFaultFleet(found);
  try {
    const outcomes = await runCampaign(fleet, [WITHOUT_FAULTS, ...chosen], values.seed, {
      say,
      isStopped: () => stopped,
      report: async (reached) => {
        if (values.write) await writeFile(DOCUMENT, faultsDocument(reached, values.seed));
      },
    });
    const failed = outcomes.filter(({ failure }) => failure !== null).length;
    await writeTotals({ passed: outcomes.length - failed, failed, skipped: [] });
    if (failed > 0) process.exitCode = 1;
  } finally {
    await fleet.close();
  }
}

/** As the tests count theirs; of a campaign that breaks off there are none. */
async function writeTotals(totals: {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}): Promise<void> {
  if (values.totals !== undefined) await writeFile(values.totals, JSON.stringify(totals));
}
