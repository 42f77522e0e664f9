import type { RunningAudit } from '@jokbo/web';
import type { Client } from '@temporalio/client';
import { AUDIT_WORKFLOW, auditHandle } from './audit-handle.js';
import { withFleet } from './connect-fleet.js';
import { readProgress } from './read-progress.js';

/** Audits that are asked: a fleet has a few at a time. */
const MOST_AUDITS = 20;

/** The audits that run on the fleet of the TEMPORAL_* variables. One whose workers do not answer has no stages. */
export function runningOnFleet(): Promise<RunningAudit[]> {
  return withFleet(async (client) => {
    const audits: RunningAudit[] = [];
    const query = `WorkflowType = '${AUDIT_WORKFLOW}' and ExecutionStatus = 'Running'`;
    for await (const { workflowId, startTime } of client.workflow.list({ query })) {
      audits.push(await auditOf(client, workflowId, startTime));
      if (audits.length === MOST_AUDITS) break;
    }
    return audits;
  });
}

async function auditOf(client: Client, id: string, startTime: Date): Promise<RunningAudit> {
  const progress = await readProgress(client, auditHandle(client, id)).catch(() => null);
  return {
    programme: id,
    driver: 'temporal',
    paused: progress?.paused ?? false,
    started_at: startTime.toISOString(),
    age_s: 0,
    stages: (progress?.counts ?? []).map(({ stage, expected, done, read }) => ({
      ...{ stage, expected, done },
      read_bytes: read,
    })),
    // An audit tells counts: its pace is measured by whoever asks again.
    read_bytes_per_s: null,
    eta_s: null,
  };
}
