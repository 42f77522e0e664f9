import type { FingerprintReference } from '@jokbo/contracts';
import { startChild, workflowInfo } from '@temporalio/workflow';
import type { AuditState } from './audit-state.js';
import type { CallOutcome, StageCall } from './stage-calls.js';
import { stageWindow } from './stage-window.js';

/** A call with what it shares with the others of its audit. */
export interface AskedCall {
  readonly plan: string;
  readonly call: StageCall;
  readonly fingerprints: readonly FingerprintReference[];
}

/** Lets a window make some calls of an audit. */
export async function runWindow(state: AuditState, asked: readonly AskedCall[]): Promise<CallOutcome[]> {
  const [first] = asked;
  if (first === undefined) return [];
  const window = await startChild(stageWindow, {
    workflowId: `${workflowInfo().workflowId}/window-${state.nextWindow()}`,
    args: [
      {
        plan: first.plan,
        fingerprints: distinctFingerprints(asked),
        calls: asked.map(({ call }) => call),
        paused: state.isPaused(),
        priority: state.priority(),
        ...state.gpuUse(),
      },
    ],
  });
  state.windowStarted(window);
  try {
    const outcomes = await window.result();
    if (first.call.call === 'compare') state.announce('comparing');
    return outcomes;
  } finally {
    state.windowEnded(window);
  }
}

/** The fingerprints that calls ask for, each once, in the order in which they are first asked for. */
function distinctFingerprints(asked: readonly AskedCall[]): FingerprintReference[] {
  const byModel = new Map<string, FingerprintReference>();
  for (const { fingerprints } of asked) {
    for (const reference of fingerprints) byModel.set(reference.model, reference);
  }
  return [...byModel.values()];
}
