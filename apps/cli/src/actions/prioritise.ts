import { FLEET_MESSAGES, type FleetPriority } from '@jokbo/contracts';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { auditHandle, missingAudit } from '../fleet/audit-handle.js';
import { withFleet } from '../fleet/connect-fleet.js';

/** Says how urgent an audit of the fleet is beside others. */
export async function prioritise(
  context: CommandContext,
  programme: string,
  priority: FleetPriority,
): Promise<number> {
  await withFleet(async (client) => {
    const handle = auditHandle(client, programme);
    try {
      await handle.executeUpdate(FLEET_MESSAGES.prioritise, { args: [priority] });
    } catch (error) {
      throw missingAudit(error, programme);
    }
    await note(context, `${handle.workflowId}: priority ${priority}`);
  });
  return EXIT.clean;
}
