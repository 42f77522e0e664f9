import { sha256 } from '@jokbo/activities';
import {
  FLEET_QUEUES,
  FleetUnavailable,
  UsageError,
  type BackendChoice,
  type ResultReference,
} from '@jokbo/contracts';
import { joinUri } from '@jokbo/storage';
import type { auditProgramme } from '@jokbo/workflows';
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';

/** Name under which workers know the workflow of an audit. */
export const AUDIT_WORKFLOW = 'auditProgramme';

/** Letters of the digest of a programme's place that tell audits apart. */
const ID_LENGTH = 16;

export type AuditHandle = WorkflowHandle<typeof auditProgramme>;

/** The audit of a programme, by where the programme lies: there is one at a time. */
export function auditId(programme: string): string {
  return `audit/${sha256(joinUri(programme, '')).slice(0, ID_LENGTH)}`;
}

/** The place of a programme as every worker understands it, or the id of an audit as `status` lists it. */
export function auditHandle(client: Client, programmeOrId: string): AuditHandle {
  const id = programmeOrId.startsWith('audit/') ? programmeOrId : auditId(programmeOrId);
  return client.workflow.getHandle<typeof auditProgramme>(id);
}

/**
 * Starts the audit of a programme, or joins the one that runs.
 *
 * @param backend `wasm` keeps its comparisons from workers with GPUs, `tensorflow` from all others; `auto` leaves them to
 *   whatever the fleet has.
 */
export function startAudit(client: Client, programme: string, backend: BackendChoice): Promise<AuditHandle> {
  return client.workflow.start<typeof auditProgramme>(AUDIT_WORKFLOW, {
    workflowId: auditId(programme),
    taskQueue: FLEET_QUEUES.workflow,
    args: [{ programme: joinUri(programme, ''), ...(backend === 'auto' ? {} : { backend }) }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}

/** The same error where the fleet has no such audit, in the words of a user. */
export function missingAudit(error: unknown, programme: string): unknown {
  if (!(error instanceof WorkflowNotFoundError)) return error;
  return new UsageError('the fleet has no audit of this programme', { object: programme, cause: error });
}

/** What an audit gave, by the digest of its result. */
export function resultOf(reference: ResultReference): string {
  if (/^[0-9a-f]{64}$/.test(reference.result)) return reference.result;
  throw new FleetUnavailable('the fleet answered with no digest of a result');
}
