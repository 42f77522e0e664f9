import { FLEET_MESSAGES } from '@jokbo/contracts';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { auditHandle, missingAudit } from '../fleet/audit-handle.js';
import { withFleet } from '../fleet/connect-fleet.js';

/** Keeps an audit of the fleet from starting anything new, or lets it go on. */
export async function setPaused(
  context: CommandContext,
  programme: string,
  paused: boolean,
): Promise<number> {
  await withFleet(async (client) => {
    const handle = auditHandle(client, programme);
    try {
      await handle.executeUpdate(paused ? FLEET_MESSAGES.pause : FLEET_MESSAGES.resume);
    } catch (error) {
      throw missingAudit(error, programme);
    }
    await note(context, `${handle.workflowId}: ${paused ? 'paused; what runs ends' : 'resumed'}`);
  });
  return EXIT.clean;
}
