import type {
  Activities,
  AuditPlan,
  DueComparisons,
  FleetActivities,
  FleetFailure,
  MadeFingerprint,
  MadeGroups,
  ReadShards,
  ResultReference,
  TrainingReference,
} from '@jokbo/contracts';
import type { AuditState } from './audit-state.js';
import type { BatchOutcome } from './compare-batch.js';
import { inBatches } from './in-batches.js';
import type { Journal } from './journal.js';
import { storePages } from './pages.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, RemoteFailure, remotely } from './remote-failure.js';
import { callName, partName, type CallOutcome, type StageCall } from './stage-calls.js';
import { runBatch, runWindow, type AskedCall } from './start-children.js';

/** Calls per window: few of those that read weights, since a window waits for its slowest. */
const PER_WINDOW = { shards: 100, readShards: 50, fingerprint: 50 };

/** References to fingerprints, or to pages of a batch, per page: about 50 KB. */
const REFERENCES_PER_PAGE = 300;

/** What a call gave, and whether it was made in this run of the audit. */
interface Answer {
  readonly value: unknown;
  readonly fresh: boolean;
}

/**
 * The stages of the pipeline on a fleet: fan-out goes to windows, each call an activity on some worker; whatever grows with
 * the programme lies in storage in pages. Calls that an earlier run of the audit made are answered from the journal.
 */
export function fleetStages(state: AuditState, journal: Journal): Activities {
  /** Models whose parts are counted by groups. */
  const grouped = new Set<string>();

  const inChild = (asked: readonly AskedCall[]): Promise<CallOutcome[]> =>
    state.whileRunning(async () => {
      const outcomes = await runWindow(state, asked);
      for (const [index, { call }] of asked.entries()) {
        const outcome = outcomes[index];
        if (outcome !== undefined) journal.set(callName(call), outcome);
      }
      return outcomes;
    });
  const windows = {
    shards: inBatches(PER_WINDOW.shards, inChild),
    readShards: inBatches(PER_WINDOW.readShards, inChild),
    fingerprint: inBatches(PER_WINDOW.fingerprint, inChild),
  };

  /** An answer from the journal, or of a call that is made now. */
  async function answer(
    name: string,
    make: () => Promise<CallOutcome>,
    failed: (reason: string) => void = () => undefined,
  ): Promise<Answer> {
    const known = journal.get(name);
    const outcome = known ?? (await remotely(make));
    if ('failure' in outcome) {
      failed(reasonOf(outcome.failure));
      throw new RemoteFailure(outcome.failure);
    }
    return { value: outcome.value, fresh: known === undefined };
  }

  /** One of many calls: a window makes it. */
  function windowed(window: keyof typeof windows, plan: string, call: StageCall): Promise<Answer> {
    return answer(
      callName(call),
      () => windows[window]({ plan, call }),
      (reason) => state.failed(`${partName(call)}: ${reason}`),
    );
  }

  /** One of few calls: the audit makes it itself. */
  async function direct<R>(
    name: readonly (string | number)[],
    make: (remote: FleetActivities) => Promise<R>,
    failed?: (reason: string) => void,
  ): Promise<R> {
    const key = JSON.stringify(name);
    const run = () =>
      state.whileRunning(async () => {
        const outcome: CallOutcome = await make(remoteActivities(state.priority())).then(
          (made) => ({ value: made ?? null }),
          (error: unknown) => ({ failure: failureData(error) }),
        );
        journal.set(key, outcome);
        return outcome;
      });
    const { value } = await answer(key, run, failed);
    return value as R;
  }

  /** Keys of the pages of a list that grows with the programme. */
  function stored(name: string, items: readonly unknown[]): Promise<string[]> {
    return direct([name, items.length], (remote) => storePages(remote, items, REFERENCES_PER_PAGE));
  }

  /** Fingerprints are the same for all batches. */
  let fingerprintPages: Promise<string[]> | undefined;

  return {
    async plan(request): Promise<AuditPlan> {
      const known = journal.get(JSON.stringify(['plan'])) !== undefined;
      const plan = await direct<AuditPlan>(['plan'], (remote) => remote.plan(request));
      state.loaded();
      if (!known) {
        state.expect('inventory', plan.models.length);
        state.announce('reading');
      }
      return plan;
    },

    async shards(plan, model) {
      const { value, fresh } = await windowed('shards', plan, { call: 'shards', model });
      const { groups, parts } = value as MadeGroups;
      if (groups.length > 0) grouped.add(model.id);
      if (fresh) {
        state.advance('inventory', 1);
        state.expect('fingerprint', parts);
      }
      return groups;
    },

    async readShards(plan, group) {
      const { value, fresh } = await windowed('readShards', plan, { call: 'readShards', group });
      const { parts, read } = value as ReadShards;
      if (fresh) state.advance('fingerprint', parts, read);
    },

    async fingerprint(plan, model) {
      const { value, fresh } = await windowed('fingerprint', plan, { call: 'fingerprint', model });
      const { parts, read, ...reference } = value as MadeFingerprint;
      if (fresh) state.advance('fingerprint', grouped.has(model.id) ? 0 : parts, read);
      return reference;
    },

    async due(plan, step, compared, limits, unread) {
      const pages = await stored('compared', compared);
      const known = journal.get(JSON.stringify(['due', step])) !== undefined;
      const due = await direct<DueComparisons>(['due', step], (remote) =>
        remote.due(plan, step, pages, limits, unread),
      );
      // The shares of what is measured over all elements are found by its batches.
      if (!known) state.expect('compare', step === 'full' ? 0 : due.comparisons);
      return due;
    },

    async compareBatch(plan, batch, fingerprints) {
      fingerprintPages ??= stored('fingerprints', fingerprints);
      const pages = await fingerprintPages;
      const name = JSON.stringify(['batch', batch.key, batch.index]);
      const { value, fresh } = await answer(name, () =>
        state.whileRunning(async () => {
          const outcome = { value: await runBatch(state, { plan, batch, fingerprints: pages }) };
          journal.set(name, outcome);
          return outcome;
        }),
      );
      const { made, errors, done, found } = value as BatchOutcome;
      for (const { name: part, failure } of errors) state.failed(`${part}: ${reasonOf(failure)}`);
      if (fresh) {
        state.expect('compare', found);
        state.advance('compare', done);
        state.announce('comparing');
      }
      return {
        ...made,
        errors: errors.map(({ name: part, failure }) => ({ name: part, error: new RemoteFailure(failure) })),
      };
    },

    trajectory: (plan, subject, fingerprints) =>
      direct<TrainingReference>(
        ['trajectory', subject],
        (remote) => remote.trajectory(plan, subject, fingerprints),
        (reason) => state.failed(`training records of ${subject}: ${reason}`),
      ),

    async decide(plan, fingerprints, compared, training = [], failures = []) {
      state.announce('deciding');
      const pages = await stored('compared', compared);
      const failed = failures.length === 0 ? [] : [await stored('failures', failures)];
      return direct<ResultReference>(['decide'], (remote) =>
        remote.decide(plan, fingerprints, pages, training, ...failed),
      );
    },

    async publish(result) {
      await direct(['publish'], (remote) => remote.publish(result));
      state.announce(state.progress().failures === undefined ? 'published' : 'incomplete');
    },
  };
}

function reasonOf({ type, message }: FleetFailure): string {
  return `${type}: ${message}`;
}
