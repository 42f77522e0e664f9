import type { AuditRequest, ResultReference } from '@jokbo/contracts';
import { auditProgramme as runStages } from '@jokbo/pipeline';
import { allHandlersFinished, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import { createAuditState } from './audit-state.js';
import { PER_BATCH, type CarriedAudit } from './carried-audit.js';
import { fleetStages } from './fleet-stages.js';
import { openJournal } from './journal.js';
import { pauseUpdate, prioritiseUpdate, progressQuery, resumeUpdate } from './messages.js';
import { remoteActivities } from './remote-activities.js';
import { workflowFailure } from './remote-failure.js';

/**
 * What one audit has in flight over the whole fleet: more than workers take up at a time, so that none waits for the
 * slowest of a window or batch. Calls pend in those, not here.
 */
const IN_FLIGHT = { fingerprints: 400, batches: 8 } as const;

/**
 * An audit on the fleet: the pipeline that the local driver runs, over activities that workers take up. It answers the
 * query `progress` and takes the updates `pause`, `resume` and `prioritise`; cancelled, it ends when nothing of it reads
 * any more. Once its history is long it goes on with a new one.
 */
export async function auditProgramme(
  request: AuditRequest,
  before: CarriedAudit = {},
): Promise<ResultReference> {
  const state = createAuditState(before, request.backend);
  setHandler(progressQuery, () => state.progress());
  setHandler(pauseUpdate, () => state.setPaused(true));
  setHandler(resumeUpdate, () => state.setPaused(false));
  setHandler(prioritiseUpdate, (priority) => state.prioritise(priority), { validator: checkPriority });
  try {
    const journal = await openJournal(before.journal ?? [], remoteActivities(state.priority()));
    // What the stages wait for is never answered once the audit is drained.
    const result = await Promise.race([
      runStages(fleetStages(state, journal), request, {
        ...IN_FLIGHT,
        perBatch: before.perBatch ?? PER_BATCH,
      }),
      state.untilDrained().then(() => null),
    ]);
    const pages = result === null ? await journal.store(remoteActivities(state.priority())) : [];
    await condition(allHandlersFinished);
    if (result !== null) return result;
    return await continueAsNew<typeof auditProgramme>(request, { ...state.carried(), journal: pages });
  } catch (error) {
    throw workflowFailure(error);
  }
}

function checkPriority(priority: number): void {
  if (!Number.isInteger(priority) || priority < 1 || priority > 5) {
    throw new RangeError('a priority is a whole number from 1, the most urgent, to 5');
  }
}
