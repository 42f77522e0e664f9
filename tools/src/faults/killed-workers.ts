import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRun, FaultFleet } from './fault-fleet.js';
import { below, type Scenario } from './scenario.js';
import { isRunning, runningActivities } from './watch-audit.js';

/** Milliseconds that workers are left alone after a kill at most: what they run then takes longer. */
const BETWEEN_KILLS_MS = 2_000;

/** Milliseconds that are waited for a worker with work at most: a kill of idle ones says little. */
const UNTIL_BUSY_MS = 5_000;

/** Milliseconds between two looks for such a worker. */
const LOOK_MS = 250;

/** Kills while some audits run: without an end of them none would get anywhere on a busy machine. */
const KILLS_PER_ROUND = 48;

/** Audits at a time: while one waits for a dead worker to be given up, another has work that a kill meets. */
const AT_A_TIME = 3;

/**
 * Kills of workers, those of workflows too, one or several at once, at random moments. Three audits of one programme run at
 * a time, others follow until all kills were made; each is compared.
 */
export function killedWorkers(kills: number): Scenario {
  return {
    name: 'SIGKILL of workers at random moments, three audits at a time',
    fails: null,
    async run({ fleet, random, ended, check, isStopped, say, reached }) {
      let made = 0;
      let busy = 0;
      let audits = 0;
      while (true) {
        await fleet.database.reset();
        const running = [await fleet.audit()];
        while (running.length < AT_A_TIME) running.push(await fleet.again());
        const last = Math.min(kills, made + KILLS_PER_ROUND);
        while (made < last && !isStopped() && (await anyRuns(running))) {
          await sleep(below(random, BETWEEN_KILLS_MS));
          const doomed = fleet.workers.map((_, index) => index).filter(() => below(random, 3) > 0);
          busy += await untilBusy(fleet, running, doomed);
          await Promise.all(doomed.map((index) => fleet.replaceWorker(index)));
          made += doomed.length;
        }
        const ends = await Promise.all(running.map(ended));
        audits += ends.length;
        const failures = await Promise.all(ends.map(check));
        const failure = failures.find((reason) => reason !== null) ?? null;
        const note = `${busy} of ${made} kills at random moments were of workers that had an activity.`;
        say(`     ${made} kills, ${busy} of workers that had work; ${audits} audits`);
        const [end] = ends;
        if (end === undefined) throw new RangeError('no audit was run');
        if (failure !== null || made >= kills || isStopped())
          return { faults: made, errors: [], end, audits, failure, note };
        await reached({ faults: made, audits, note });
      }
    },
  };
}

async function anyRuns(audits: readonly AuditRun[]): Promise<boolean> {
  return (await Promise.all(audits.map(isRunning))).includes(true);
}

/** Waits a while until some of a few workers have an activity; how many do. */
async function untilBusy(
  { client, workers }: FaultFleet,
  audits: readonly AuditRun[],
  indices: readonly number[],
): Promise<number> {
  const deadline = performance.now() + UNTIL_BUSY_MS;
  while (true) {
    const activities = await Promise.all(
      audits.map((audit) => runningActivities(client, audit).catch(() => [])),
    );
    const busy = new Set(activities.flat().map(({ worker }) => worker));
    const met = indices.filter((index) => busy.has(workers[index]?.pid ?? 0)).length;
    if (met > 0 || performance.now() > deadline) return met;
    await sleep(LOOK_MS);
  }
}
