import type { FoundRelease, WatchOutcome } from '@jokbo/contracts';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, executeChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { auditProgramme } from './audit-programme.js';
import { lastingFailure } from './lasting-failure.js';
import { watchActivities } from './watch-activities.js';

/** One audit that the watcher asks for. */
export interface WatchedAudit {
  /** URI of the programme file. */
  readonly programme: string;
  /** The release that was found; null for an audit of all that is known. */
  readonly release: FoundRelease | null;
}

/**
 * Audits one new release, or all that is known, where that is due, and keeps how it ended. It runs under one id per
 * programme, so that two never run at a time; the audit itself runs under an id of all that it depends on, so that one
 * state is audited once, whatever happens between its end and the note of it.
 *
 * @throws ChildWorkflowFailure where the audit failed for a reason that time may cure: the next look tries again.
 */
export async function auditWatched({ programme, release }: WatchedAudit): Promise<WatchOutcome> {
  const source = release?.source ?? null;
  const admission = await watchActivities.admitAudit(programme, release);
  if (admission.kind === 'refused') {
    const { kind: outcome, reason } = admission;
    await watchActivities.recordAudit({ programme, release, state: '', failure: reason });
    return { source, outcome, reason };
  }
  if (admission.kind !== 'audit') return { source, outcome: admission.kind, reason: null };
  const failure = await auditOnce(admission.audit, admission.programme);
  await watchActivities.recordAudit({ programme, release, state: admission.state, failure });
  return { source, outcome: failure === null ? 'audited' : 'failed', reason: failure };
}

/** Why an audit failed for good; null where it gave a result, now or before. */
async function auditOnce(workflowId: string, programme: string): Promise<string | null> {
  try {
    await executeChild(auditProgramme, {
      workflowId,
      args: [{ programme }],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    });
    return null;
  } catch (error) {
    // Audits end with the workflow that asked for them, so that one of this id has given its result.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    const failure = CancellationScope.current().consideredCancelled ? null : lastingFailure(error);
    if (failure === null) throw error;
    return failure;
  }
}
