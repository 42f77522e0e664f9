import type { FleetCount } from '@jokbo/contracts';
import { defaultPayloadConverter, type WorkflowExecutionDescription } from '@temporalio/client';

/** Stages of which activities tell while they run; comparisons are counted when they end. */
const TOLD = 'fingerprint';

/** What the activities of a workflow that run now have read so far. */
export function heartbeatCounts({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): FleetCount[] {
  return (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) => {
    const [payload] = heartbeatDetails?.payloads ?? [];
    if (payload === undefined) return [];
    const counts: unknown = defaultPayloadConverter.fromPayload(payload);
    return Array.isArray(counts) ? counts.filter(isCount).filter(({ stage }) => stage === TOLD) : [];
  });
}

function isCount(value: unknown): value is FleetCount {
  if (typeof value !== 'object' || value === null) return false;
  const count = value as Partial<Record<keyof FleetCount, unknown>>;
  return typeof count.stage === 'string' && typeof count.done === 'number' && typeof count.read === 'number';
}
