import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from './scenario.js';
import { until } from './watch-audit.js';

/** Milliseconds that a server is away. */
const AWAY_MS = 3_000;

/** The server of workflows dies while models are read, and again while pairs are compared. */
const TEMPORAL_KILLED: Scenario = {
  name: 'Temporal server killed, and started again on its database',
  fails: null,
  async run({ fleet, ended }) {
    const audit = await fleet.audit();
    let faults = 0;
    for (const stage of ['shards', 'compare']) {
      if (!(await until(fleet.client, audit, (running) => running.some(({ name }) => name === stage)))) break;
      await fleet.killTemporal();
      await sleep(AWAY_MS);
      await fleet.startTemporal();
      faults += 1;
    }
    return { faults, errors: [], end: await ended(audit) };
  },
};

/** The database is away when the result is due, and comes back. */
const POSTGRES_KILLED: Scenario = {
  name: 'Postgres killed before the result is published, and started again',
  fails: null,
  async run({ fleet, ended }) {
    const unblock = await fleet.database.block();
    const audit = await fleet.audit();
    const due = await until(fleet.client, audit, (running) => running.some(({ name }) => name === 'publish'));
    await fleet.database.kill();
    await unblock().catch(() => undefined);
    await sleep(AWAY_MS);
    await fleet.database.start();
    return { faults: due ? 1 : 0, errors: [], end: await ended(audit) };
  },
};

export const SERVER_SCENARIOS: readonly Scenario[] = [TEMPORAL_KILLED, POSTGRES_KILLED];
