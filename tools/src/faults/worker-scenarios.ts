import { setTimeout as sleep } from 'node:timers/promises';
import { LATE_BY_TOKEN } from './late-completions.js';
import { killProcess } from '../servers/index.js';
import { SILENT_MS, type Scenario } from './scenario.js';
import { until } from './watch-audit.js';

/** The worker dies in the moment in which the server hears of it. */
const DURING_HEARTBEAT: Scenario = {
  name: 'SIGKILL of both workers right after a heartbeat',
  fails: null,
  async run({ fleet, ended }) {
    const audit = await fleet.audit();
    const seen = new Set<string>();
    await until(fleet.client, audit, (activities) => {
      const news = seen.size > 0 && activities.some(({ heartbeat }) => !seen.has(heartbeat));
      for (const { heartbeat } of activities) seen.add(heartbeat);
      return news;
    });
    await Promise.all([fleet.replaceWorker(1), fleet.replaceWorker(2)]);
    return { faults: 2, errors: [], end: await ended(audit) };
  },
};

/** The result is in the database, and the server never hears of it: it is published again. */
const AFTER_COMMIT: Scenario = {
  name: 'SIGKILL between commit of the result and completion of the activity',
  fails: null,
  async run({ fleet, ended }) {
    const unblock = await fleet.database.block();
    const audit = await fleet.audit();
    const blocked = await until(fleet.client, audit, (activities) =>
      activities.some(({ name }) => name === 'publish'),
    );
    fleet.freezeTemporal(true);
    await unblock();
    await fleet.database.untilPublished();
    await Promise.all(fleet.workers.slice(1).map(killProcess));
    fleet.freezeTemporal(false);
    await Promise.all([fleet.replaceWorker(1), fleet.replaceWorker(2)]);
    return { faults: blocked ? 1 : 0, errors: [], end: await ended(audit) };
  },
};

/** Workers that are silent for long are given up; what they complete afterwards comes late, and twice. */
const LATE_COMPLETION: Scenario = {
  name: 'workers stopped until they were given up, then late and duplicate completions',
  fails: null,
  async run({ fleet, ended }) {
    const audit = await fleet.audit();
    const seen = await until(fleet.client, audit, (activities) =>
      activities.some(({ name }) => name === 'compare'),
    );
    const [, frozen] = fleet.workers;
    frozen?.kill('SIGSTOP');
    await sleep(SILENT_MS);
    frozen?.kill('SIGCONT');
    return { faults: seen ? 1 : 0, errors: [], end: await ended(audit) };
  },
};

export const WORKER_SCENARIOS: readonly Scenario[] = [
  DURING_HEARTBEAT,
  AFTER_COMMIT,
  LATE_COMPLETION,
  LATE_BY_TOKEN,
];
