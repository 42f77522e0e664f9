import type { FleetProgress } from '@jokbo/contracts';
import { formatBytes, visibleText, withEscapes } from '@jokbo/report';
import type { Client } from '@temporalio/client';
import type { CommandContext } from '../command-context.js';
import { AUDIT_WORKFLOW, auditHandle, missingAudit } from '../fleet/audit-handle.js';
import { withFleet } from '../fleet/connect-fleet.js';
import { readProgress } from '../fleet/read-progress.js';
import { EXIT } from '../exit-code.js';
import { writeText } from '../terminal/write-text.js';

/** Audits that are listed: the newest. */
const MOST_AUDITS = 20;

/** An audit that goes on with a new history is listed once. */
const AUDITS = `WorkflowType = '${AUDIT_WORKFLOW}' AND ExecutionStatus != 'ContinuedAsNew'`;

export interface StatusOptions {
  readonly format: 'table' | 'json';
}

/** One audit as the fleet knows it. */
interface AuditStatus {
  readonly audit: string;
  readonly run: string;
  readonly status: string;
  readonly state: string | null;
  readonly started: string;
  readonly ended: string | null;
  /** Null where no worker tells. */
  readonly progress: Omit<FleetProgress, 'windows'> | null;
}

/** Shows one audit of the fleet, or lists the newest. */
export async function status(
  context: CommandContext,
  programme: string | undefined,
  options: StatusOptions,
): Promise<number> {
  const audits = await withFleet((client) =>
    programme === undefined ? listAudits(client) : describeAudit(client, programme).then((audit) => [audit]),
  );
  const text =
    options.format === 'json'
      ? `${withEscapes(JSON.stringify(audits, null, 2))}\n`
      : audits.length === 0
        ? 'no audits\n'
        : audits.map(auditLines).join('');
  await writeText(context.host.stdout, text);
  return EXIT.clean;
}

async function describeAudit(client: Client, programme: string): Promise<AuditStatus> {
  const handle = auditHandle(client, programme);
  const described = await handle.describe().catch((error: unknown) => {
    throw missingAudit(error, programme);
  });
  const progress = await readProgress(client, handle).catch(() => null);
  return {
    ...facts(described),
    progress:
      progress === null
        ? null
        : {
            ...{ paused: progress.paused, priority: progress.priority, counts: progress.counts },
            ...(progress.failures === undefined ? {} : { failures: progress.failures }),
          },
  };
}

async function listAudits(client: Client): Promise<AuditStatus[]> {
  const audits: AuditStatus[] = [];
  for await (const info of client.workflow.list({ query: AUDITS })) {
    audits.push({ ...facts(info), progress: null });
    if (audits.length === MOST_AUDITS) break;
  }
  return audits;
}

type Described = Awaited<ReturnType<ReturnType<typeof auditHandle>['describe']>>;

function facts(
  info: Pick<
    Described,
    'workflowId' | 'runId' | 'status' | 'startTime' | 'closeTime' | 'typedSearchAttributes'
  >,
): Omit<AuditStatus, 'progress'> {
  const state = info.typedSearchAttributes.getAll().find(({ key }) => key.name === 'AuditState')?.value;
  return {
    audit: info.workflowId,
    run: info.runId,
    status: info.status.name.toLowerCase(),
    state: typeof state === 'string' ? state : null,
    started: info.startTime.toISOString(),
    ended: info.closeTime?.toISOString() ?? null,
  };
}

function auditLines({ audit, status: name, state, started, ended, progress }: AuditStatus): string {
  const times = ended === null ? `since ${started}` : `${started} to ${ended}`;
  const shown = name === 'running' || state === 'incomplete';
  const stage = state === null || !shown ? '' : `, ${state}`;
  const paused = progress?.paused === true ? ', paused' : '';
  const counts = (progress?.counts ?? []).map(
    ({ stage, done, expected, read }) =>
      `  ${stage} ${done}/${expected}${read > 0 ? `, ${formatBytes(read)} read` : ''}\n`,
  );
  const failures = (progress?.failures ?? []).map((text) => `  failed: ${visibleText(text)}\n`);
  return [`${audit}  ${name}${stage}${paused}, ${times}\n`, ...counts, ...failures].join('');
}
