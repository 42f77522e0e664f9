import type { Activities, AuditPlan, FingerprintReference, PlannedModel, ShardGroup } from '@jokbo/contracts';
import { inWindow } from './in-window.js';
import { groupName, modelName } from './part-names.js';

/**
 * The fingerprints of all models, large ones read in groups of shards. All models are looked at before weights of any are
 * read: what is absent or malformed shows at once, and how much there is to read is known. Groups of all models fill one
 * window.
 *
 * @param window activities in flight, each of which reads weights.
 * @returns fingerprints in the order of the plan.
 */
export async function fingerprintAll(
  activities: Activities,
  { id, models }: AuditPlan,
  window: number,
): Promise<FingerprintReference[]> {
  const groups = await inWindow(
    models,
    window,
    (model: PlannedModel) => activities.shards(id, model),
    modelName,
  );
  await inWindow(groups.flat(), window, (group: ShardGroup) => activities.readShards(id, group), groupName);
  return inWindow(models, window, (model: PlannedModel) => activities.fingerprint(id, model), modelName);
}
