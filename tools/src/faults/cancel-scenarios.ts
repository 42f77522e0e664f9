import type { Scenario } from './scenario.js';
import { until } from './watch-audit.js';

/** An audit that is cancelled in one stage; the next goes on from what was kept. */
function cancelled(activity: string): Scenario {
  return {
    name: `cancelled during ${activity}`,
    fails: /cancelled/,
    async run({ fleet, ended }) {
      const audit = await fleet.audit();
      const seen = await until(fleet.client, audit, (running) =>
        running.some(({ name }) => name === activity),
      );
      await audit.cancel().catch(() => undefined);
      const first = await ended(audit);
      const second = await fleet.again();
      const error = first.kind === 'result' ? (seen ? 'it ended before' : 'it was not seen') : first.error;
      return { faults: 1, errors: [error], end: await ended(second) };
    },
  };
}

export const CANCEL_SCENARIOS: readonly Scenario[] = ['plan', 'readShards', 'compare', 'decide'].map(
  cancelled,
);
