import { startChild, workflowInfo } from '@temporalio/workflow';
import type { AuditState } from './audit-state.js';
import { compareBatch, type BatchOutcome, type BatchRequest } from './compare-batch.js';
import type { CallOutcome, StageCall } from './stage-calls.js';
import { stageWindow } from './stage-window.js';

/** A call with the plan that it is of. */
export interface AskedCall {
  readonly plan: string;
  readonly call: StageCall;
}

/** Lets a window make some calls of an audit. */
export async function runWindow(state: AuditState, asked: readonly AskedCall[]): Promise<CallOutcome[]> {
  const [first] = asked;
  if (first === undefined) return [];
  const told = { paused: state.isPaused(), priority: state.priority() };
  const window = await startChild(stageWindow, {
    workflowId: `${workflowInfo().workflowId}/window-${state.nextWindow()}`,
    args: [{ plan: first.plan, calls: asked.map(({ call }) => call), ...told }],
  });
  return state.whileFollowed(window);
}

/** Has a workflow of its own make the comparisons of a batch. */
export async function runBatch(
  state: AuditState,
  request: Omit<BatchRequest, 'paused' | 'priority' | 'gpu'>,
): Promise<BatchOutcome> {
  const told = { paused: state.isPaused(), priority: state.priority() };
  const batch = await startChild(compareBatch, {
    workflowId: `${workflowInfo().workflowId}/batch-${state.nextWindow()}`,
    args: [{ ...request, ...told, ...state.gpuUse() }],
  });
  return state.whileFollowed(batch);
}
