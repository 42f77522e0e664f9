import { setTimeout as sleep } from 'node:timers/promises';
import { killProcess } from '../servers/index.js';
import { below, type Scenario } from './scenario.js';
import { isRunning, until } from './watch-audit.js';

/** Milliseconds between two kills at most. */
const BETWEEN_KILLS_MS = 3_000;

/** Milliseconds after which a server gives a silent worker up, and some more. */
const SILENT_MS = 26_000;

/** Kills of workers, those of workflows too, at random moments: audits follow one another until all were made. */
export function killedWorkers(kills: number): Scenario {
  return {
    name: `SIGKILL of workers at random moments, ${kills} times`,
    fails: null,
    async run({ fleet, random, ended }) {
      let made = 0;
      while (true) {
        const audit = await fleet.audit();
        while (made < kills && (await isRunning(audit))) {
          await sleep(below(random, BETWEEN_KILLS_MS));
          await fleet.replaceWorker(below(random, fleet.workers.length));
          made += 1;
        }
        const end = await ended(audit);
        if (made >= kills || end.kind !== 'result') return { faults: made, errors: [], end };
      }
    },
  };
}

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

export const WORKER_SCENARIOS: readonly Scenario[] = [DURING_HEARTBEAT, AFTER_COMMIT, LATE_COMPLETION];
