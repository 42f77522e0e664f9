import type { FoundRelease, WatchOutcome, WatchRequest } from '@jokbo/contracts';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  sleep,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { auditWatched } from './audit-watched.js';
import { watchActivities } from './watch-activities.js';

/** Between two tries to have a turn while another audit of the programme runs: those take minutes to hours. */
const TURN_RETRY = '1 minute';

/**
 * What a schedule starts: looks for releases that are new and whole and has each audited, or has all that is known audited
 * again. Audits of one programme take turns. It keeps nothing itself: whatever is killed or lost, the next look finds what
 * was not recorded as audited.
 *
 * @returns what became of each release; one that failed does not hold up the others.
 * @throws ChildWorkflowFailure where an audit of all that is known failed.
 */
export async function watchProgramme(request: WatchRequest): Promise<WatchOutcome[]> {
  const { programme, task } = request;
  if (task === 'again') return [await inTurn(request, null)];
  const first = await watchActivities.findReleases(programme);
  if (first.releases.length === 0) return [];
  await sleep(first.settle);
  const { releases } = await watchActivities.findReleases(programme);
  const outcomes: WatchOutcome[] = [];
  for (const release of releases) {
    const before = first.releases.find(({ source }) => source === release.source);
    // Files still come: the next look takes it up.
    const whole = before?.digest === release.digest;
    outcomes.push(
      whole
        ? await inTurn(request, release).catch((error: unknown) => failed(release, error))
        : { source: release.source, outcome: 'moved', reason: null },
    );
  }
  return outcomes;
}

/** Runs one audit once no other of the programme runs. */
async function inTurn(request: WatchRequest, release: FoundRelease | null): Promise<WatchOutcome> {
  while (true) {
    try {
      return await executeChild(auditWatched, {
        workflowId: `${request.watch}/turn`,
        args: [{ programme: request.programme, release }],
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    // What was audited so far is recorded: a new history starts with nothing.
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof watchProgramme>(request);
    await sleep(TURN_RETRY);
  }
}

function failed({ source }: FoundRelease, error: unknown): WatchOutcome {
  if (!(error instanceof ChildWorkflowFailure) || isCancellation(error)) throw error;
  return { source, outcome: 'again later', reason: error.cause?.message ?? error.message };
}
