import type {
  Activities,
  AuditPlan,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
} from '@jokbo/contracts';
import { inWindow } from '@jokbo/pipeline';
import { startChild, workflowInfo } from '@temporalio/workflow';
import type { AuditState } from './audit-state.js';
import { compareWindow, type WindowOutcome } from './compare-window.js';
import { inBatches } from './in-batches.js';
import { remoteActivities } from './remote-activities.js';
import { failureData, RemoteFailure } from './remote-failure.js';

/** Comparisons of fingerprints per window: 30 KB of arguments, 600 events of history. */
const SAMPLED_PER_WINDOW = 200;

/** Shares over all elements per window: few, since a window waits for its slowest. */
const FULL_PER_WINDOW = 16;

/** References to evidence per page: about 30 KB. */
const EVIDENCE_PER_PAGE = 100;

/** Pages that are read or written at a time. */
const PAGES_IN_FLIGHT = 16;

/** One comparison that was asked for. */
interface Asked {
  readonly plan: string;
  readonly comparison: PlannedComparison;
  readonly fingerprints: readonly FingerprintReference[];
}

/**
 * The stages of the pipeline on a fleet: each call is an activity on some worker, comparisons go to windows, and whatever
 * grows with the programme lies in storage in pages.
 */
export function fleetStages(state: AuditState): Activities {
  const remote = remoteActivities;
  let windowsStarted = 0;

  async function inChild(asked: readonly Asked[]): Promise<WindowOutcome[]> {
    await state.untilResumed();
    const [first] = asked;
    if (first === undefined) return [];
    windowsStarted += 1;
    const window = await startChild(compareWindow, {
      workflowId: `${workflowInfo().workflowId}/window-${windowsStarted}`,
      args: [
        {
          plan: first.plan,
          comparisons: asked.map(({ comparison }) => comparison),
          fingerprints: distinctFingerprints(asked),
          paused: state.isPaused(),
        },
      ],
    });
    state.windowStarted(window);
    try {
      const outcomes = await window.result();
      state.advance('compare', outcomes.length);
      state.announce('comparing');
      return outcomes;
    } finally {
      state.windowEnded(window);
    }
  }

  const compareSampled = inBatches(SAMPLED_PER_WINDOW, inChild);
  const compareFull = inBatches(FULL_PER_WINDOW, inChild);

  /** Nothing starts while the audit is paused. */
  async function resumed<R>(run: () => Promise<R>): Promise<R> {
    await state.untilResumed();
    return remotely(run);
  }

  return {
    async plan(request): Promise<AuditPlan> {
      const { pages, ...plan } = await resumed(() => remote.plan(request));
      const read = (page: string) => resumed(() => remote.readPage(page));
      const comparisons = (await inWindow(pages, PAGES_IN_FLIGHT, read, pageName)).flat();
      state.expect('inventory', plan.models.length);
      // What is searched for a disguise, and the shares of what is measured in full, are known later.
      state.expect(
        'compare',
        comparisons.filter(({ kind, mode }) => kind !== 'disguise' && mode === 'sampled').length,
      );
      state.announce('reading');
      return { ...plan, comparisons };
    },

    async fingerprint(plan, model) {
      const { parts, read, ...reference } = await resumed(() => remote.fingerprint(plan, model));
      state.advance('inventory', 1);
      state.expect('fingerprint', parts);
      state.advance('fingerprint', parts, read);
      return reference;
    },

    async compare(plan, comparison, fingerprints): Promise<EvidenceReference> {
      const { kind, mode } = comparison;
      if (kind === 'disguise') state.expect('compare', 1);
      const compare = mode === 'full' ? compareFull : compareSampled;
      const outcome = await remotely(() => compare({ plan, comparison, fingerprints }));
      if ('failure' in outcome) throw new RemoteFailure(outcome.failure);
      return { comparison, ...outcome };
    },

    async split(plan, comparison, fingerprints) {
      const shares = await resumed(() => remote.split(plan, comparison, fingerprints));
      state.expect('compare', shares.length);
      return shares;
    },

    join: (comparison, shares, fingerprints) => resumed(() => remote.join(comparison, shares, fingerprints)),

    trajectory: (plan, subject, fingerprints) =>
      resumed(() => remote.trajectory(plan, subject, fingerprints)),

    async decide(plan, fingerprints, evidence, training = []) {
      state.announce('deciding');
      const store = (page: readonly EvidenceReference[]) => resumed(() => remote.storeEvidence(page));
      const pages = await inWindow(pagesOf(evidence), PAGES_IN_FLIGHT, store, pageName);
      return resumed(() => remote.decide(plan, fingerprints, pages, training));
    },

    async publish(result) {
      await resumed(() => remote.publish(result));
      state.announce('published');
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

/** The fingerprints that comparisons ask for, each once, in the order in which they are first asked for. */
function distinctFingerprints(asked: readonly Asked[]): FingerprintReference[] {
  const byModel = new Map<string, FingerprintReference>();
  for (const { fingerprints } of asked) {
    for (const reference of fingerprints) byModel.set(reference.model, reference);
  }
  return [...byModel.values()];
}

function pagesOf(evidence: readonly EvidenceReference[]): EvidenceReference[][] {
  const pages: EvidenceReference[][] = [];
  for (let from = 0; from < evidence.length; from += EVIDENCE_PER_PAGE) {
    pages.push(evidence.slice(from, from + EVIDENCE_PER_PAGE));
  }
  return pages;
}
