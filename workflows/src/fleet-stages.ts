import type {
  Activities,
  AuditPlan,
  EvidenceReference,
  FailedPart,
  FingerprintReference,
  FleetActivities,
  FleetOutcome,
  MadeFingerprint,
  MadeGroups,
  PagedPlan,
  PlannedComparison,
  ReadShards,
  ResultReference,
  TrainingReference,
} from '@jokbo/contracts';
import { inWindow } from '@jokbo/pipeline';
import type { AuditState } from './audit-state.js';
import { inBatches } from './in-batches.js';
import type { Journal } from './journal.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, RemoteFailure } from './remote-failure.js';
import { callName, partName, type CallOutcome, type StageCall } from './stage-calls.js';
import { runWindow, type AskedCall } from './run-window.js';

/**
 * Calls per window: of fingerprints 30 KB of arguments and 600 events of history; few of those that read weights, since a
 * window waits for its slowest; few of those that carry the shares of a pair.
 */
const PER_WINDOW = {
  shards: 100,
  readShards: 50,
  fingerprint: 50,
  sampled: 200,
  full: 16,
  split: 100,
  join: 8,
};

/** References to evidence per page: about 50 KB. */
const EVIDENCE_PER_PAGE = 200;

/** Failures per page: about 50 KB. */
const FAILURES_PER_PAGE = 50;

/** Pages that are read or written at a time. */
const PAGES_IN_FLIGHT = 16;

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
    sampled: inBatches(PER_WINDOW.sampled, inChild),
    full: inBatches(PER_WINDOW.full, inChild),
    split: inBatches(PER_WINDOW.split, inChild),
    join: inBatches(PER_WINDOW.join, inChild),
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
      const { type, message } = outcome.failure;
      failed(`${type}: ${message}`);
      throw new RemoteFailure(outcome.failure);
    }
    return { value: outcome.value, fresh: known === undefined };
  }

  /** One of many calls: a window makes it. */
  function windowed(
    window: keyof typeof windows,
    plan: string,
    call: StageCall,
    fingerprints: readonly FingerprintReference[] = [],
  ): Promise<Answer> {
    return answer(
      callName(call),
      () => windows[window]({ plan, fingerprints, call }),
      (reason) => state.failed(`${partName(call)}: ${reason}`),
    );
  }

  /** One of few calls: the audit makes it itself. */
  async function direct<R>(
    name: readonly (string | number)[],
    make: (remote: FleetActivities) => Promise<R>,
  ): Promise<R> {
    const key = JSON.stringify(name);
    const { value } = await answer(key, () =>
      state.whileRunning(async () => {
        const outcome: CallOutcome = await make(remoteActivities(state.priority())).then(
          (made) => ({ value: made ?? null }),
          (error: unknown) => ({ failure: failureData(error) }),
        );
        journal.set(key, outcome);
        return outcome;
      }),
    );
    return value as R;
  }

  return {
    async plan(request): Promise<AuditPlan> {
      const known = journal.get(JSON.stringify(['plan'])) !== undefined;
      const { pages, ...plan } = await direct<PagedPlan>(['plan'], (remote) => remote.plan(request));
      const read = (page: string) =>
        state.whileRunning(() => remotely(() => remoteActivities(state.priority()).readPage(page)));
      const comparisons = (
        await inWindow(pages, PAGES_IN_FLIGHT, read, pageName)
      ).flat() as PlannedComparison[];
      state.loaded();
      if (!known) {
        state.expect('inventory', plan.models.length);
        // What is searched for a disguise, and the shares of what is measured in full, are known later.
        state.expect(
          'compare',
          comparisons.filter(({ kind, mode }) => kind !== 'disguise' && mode === 'sampled').length,
        );
        state.announce('reading');
      }
      return { ...plan, comparisons };
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

    async compare(plan, comparison, fingerprints): Promise<EvidenceReference> {
      const { kind, mode } = comparison;
      const call: StageCall = { call: 'compare', comparison };
      // What the plan did not count: what is searched for a disguise, and what is measured again in another class.
      const uncounted = kind === 'disguise' || comparison.numericClass !== undefined;
      if (uncounted && journal.get(callName(call)) === undefined) state.expect('compare', 1);
      const { value, fresh } = await windowed(mode, plan, call, fingerprints);
      if (fresh) state.advance('compare', 1);
      return { comparison, ...(value as FleetOutcome) };
    },

    async split(plan, comparison, fingerprints) {
      const { value, fresh } = await windowed('split', plan, { call: 'split', comparison }, fingerprints);
      const shares = value as readonly PlannedComparison[];
      if (fresh) state.expect('compare', shares.length);
      return shares;
    },

    async join(comparison, shares, fingerprints) {
      const call: StageCall = { call: 'join', comparison, shares };
      return (await windowed('join', '', call, fingerprints)).value as EvidenceReference;
    },

    trajectory: (plan, subject, fingerprints) =>
      direct<TrainingReference>(['trajectory', subject], (remote) =>
        remote.trajectory(plan, subject, fingerprints),
      ),

    async decide(plan, fingerprints, evidence, training = [], failures = []) {
      state.announce('deciding');
      const store = ([from, page]: readonly [number, readonly EvidenceReference[]]) =>
        direct<string>(['page', from], (remote) => remote.storePage(page));
      const pages = await inWindow(pagesOf(evidence, EVIDENCE_PER_PAGE), PAGES_IN_FLIGHT, store, pageName);
      const storeFailures = ([from, page]: readonly [number, readonly FailedPart[]]) =>
        direct<string>(['failures', from], (remote) => remote.storePage(page));
      const failed = await inWindow(
        pagesOf(failures, FAILURES_PER_PAGE),
        PAGES_IN_FLIGHT,
        storeFailures,
        pageName,
      );
      return direct<ResultReference>(['decide'], (remote) =>
        failed.length === 0
          ? remote.decide(plan, fingerprints, pages, training)
          : remote.decide(plan, fingerprints, pages, training, failed),
      );
    },

    async publish(result) {
      await direct(['publish'], (remote) => remote.publish(result));
      state.announce(state.progress().failures === undefined ? 'published' : 'incomplete');
    },
  };
}

/** What fails has the name and the message that it had on its worker. */
async function remotely<R>(run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    throw new RemoteFailure(failureData(error));
  }
}

const pageName = (): string => 'a page';

/** Items in pages, each with the place of its first. */
function pagesOf<T>(items: readonly T[], perPage: number): (readonly [number, T[]])[] {
  const pages: (readonly [number, T[]])[] = [];
  for (let from = 0; from < items.length; from += perPage) {
    pages.push([from, items.slice(from, from + perPage)]);
  }
  return pages;
}
