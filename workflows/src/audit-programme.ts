import type { AuditRequest, ResultReference } from '@jokbo/contracts';
import { auditProgramme as runStages } from '@jokbo/pipeline';
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { createAuditState } from './audit-state.js';
import { fleetStages } from './fleet-stages.js';
import { pauseUpdate, progressQuery, resumeUpdate } from './messages.js';
import { workflowFailure } from './remote-failure.js';

/**
 * What one audit has in flight over the whole fleet: as many as workers may pick up, below the 500 activities that one
 * workflow should have pending. Comparisons pend in windows, not here.
 */
const WINDOW = { fingerprints: 64, comparisons: 1600 } as const;

/**
 * An audit on the fleet: the pipeline that the local driver runs, over activities that workers take up. It answers the
 * query `progress` and takes the updates `pause` and `resume`; cancelled, it ends when nothing of it reads any more.
 */
export async function auditProgramme(request: AuditRequest): Promise<ResultReference> {
  const state = createAuditState();
  setHandler(progressQuery, () => state.progress());
  setHandler(pauseUpdate, () => state.setPaused(true));
  setHandler(resumeUpdate, () => state.setPaused(false));
  try {
    const result = await runStages(fleetStages(state), request, WINDOW);
    await condition(allHandlersFinished);
    return result;
  } catch (error) {
    throw workflowFailure(error);
  }
}
