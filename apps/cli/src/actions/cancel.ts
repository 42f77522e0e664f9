import { note, type CommandContext } from '../command-context.js';
import { auditHandle, missingAudit } from '../fleet/audit-handle.js';
import { withFleet } from '../fleet/connect-fleet.js';
import { EXIT } from '../exit-code.js';

/** Cancels an audit of the fleet and waits until nothing of it runs any more. */
export async function cancel(context: CommandContext, programme: string): Promise<number> {
  await withFleet(async (client) => {
    const handle = auditHandle(client, programme);
    try {
      await handle.cancel();
    } catch (error) {
      throw missingAudit(error, programme);
    }
    await handle.result().catch(() => undefined);
    const { status } = await handle.describe();
    await note(context, `${handle.workflowId}: ${status.name.toLowerCase()}; finished parts are kept`);
  });
  return EXIT.clean;
}
