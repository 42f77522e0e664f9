import { loadOutcome, openParts, type AuditOutcome } from '@jokbo/activities';
import { UsageError } from '@jokbo/contracts';
import { note, type CommandContext } from '../command-context.js';
import { showProgress } from '../terminal/show-progress.js';
import { resultOf, startAudit } from './audit-handle.js';
import { withFleet } from './connect-fleet.js';
import { describeQueues } from './describe-queues.js';
import { followAudit } from './follow-audit.js';
import { tellMissingGpus } from './tell-missing-gpus.js';

/** Runs an audit on the fleet and follows it to its end: the outcome is that of the local driver. */
export async function auditOnFleet(context: CommandContext, programme: string): Promise<AuditOutcome> {
  const { host, options, signal } = context;
  const digest = await withFleet(async (client) => {
    const handle = await startAudit(client, programme, options.backend);
    await note(context, `audit: ${handle.workflowId}`);
    const progress = showProgress({ stream: host.stderr, quiet: options.quiet === true });
    // Only then does a comparison wait for a GPU however long.
    const stopTelling =
      options.backend === 'tensorflow'
        ? tellMissingGpus(
            () => describeQueues(client),
            (text) => progress.note(text),
          )
        : null;
    try {
      return resultOf(await followAudit(client, handle, progress, signal));
    } finally {
      stopTelling?.();
      progress.close();
    }
  });
  return readOutcome(context, digest);
}

/** @throws UsageError where the work folder is not that of the workers. */
async function readOutcome(context: CommandContext, digest: string): Promise<AuditOutcome> {
  const { work } = context.options;
  const parts = openParts(work, () => undefined);
  try {
    return await loadOutcome(parts, digest);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError('the result is not below --work: name the work folder of the workers', {
      object: work,
      value: digest,
      cause,
    });
  } finally {
    await parts.close();
  }
}
