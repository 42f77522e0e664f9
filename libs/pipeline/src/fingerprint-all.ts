import type { Activities, AuditPlan, FingerprintReference, PlannedModel, ShardGroup } from '@jokbo/contracts';
import { inWindow } from './in-window.js';
import { attempting, failedModel, type FailedAttempt } from './part-failure.js';
import { groupName, modelName } from './part-names.js';

/** The models that could be read, and those that could not. */
export interface FingerprintedModels {
  /** In the order of the plan. */
  readonly fingerprints: readonly FingerprintReference[];
  /** Each model once, in the order of the plan. */
  readonly failed: readonly FailedAttempt[];
}

/**
 * The fingerprints of all models, large ones read in groups of shards. All models are looked at before weights of any are
 * read: what is absent or malformed shows at once, and how much there is to read is known. Groups of all models fill one
 * window. A model that fails for good is left out from then on.
 *
 * @param window activities in flight, each of which reads weights.
 */
export async function fingerprintAll(
  activities: Activities,
  { id, models }: AuditPlan,
  window: number,
): Promise<FingerprintedModels> {
  const failed = new Map<string, FailedAttempt>();
  const fail = (model: string | undefined, attempt: FailedAttempt): void => {
    if (model !== undefined && !failed.has(model)) failed.set(model, attempt);
  };
  const left = (): PlannedModel[] => models.filter((model) => !failed.has(model.id));
  const ofModel = (model: PlannedModel, cause: Parameters<typeof failedModel>[1]) =>
    failedModel(model.id, cause);

  const looked = await inWindow(
    models,
    window,
    attempting((model) => activities.shards(id, model), modelName, ofModel),
    modelName,
  );
  for (const [index, attempt] of looked.entries()) {
    if ('failed' in attempt) fail(models[index]?.id, attempt);
  }
  const groups = looked.flatMap((attempt) => ('value' in attempt ? attempt.value : []));
  const read = await inWindow(
    groups,
    window,
    attempting(
      (group: ShardGroup) => activities.readShards(id, group),
      groupName,
      ({ model }, cause) => failedModel(model, cause),
    ),
    groupName,
  );
  for (const [index, attempt] of read.entries()) {
    if ('failed' in attempt) fail(groups[index]?.model, attempt);
  }
  const whole = left();
  const made = await inWindow(
    whole,
    window,
    attempting((model) => activities.fingerprint(id, model), modelName, ofModel),
    modelName,
  );
  for (const [index, attempt] of made.entries()) {
    if ('failed' in attempt) fail(whole[index]?.id, attempt);
  }
  return {
    fingerprints: made.flatMap((attempt) => ('value' in attempt ? [attempt.value] : [])),
    failed: models.flatMap((model) => failed.get(model.id) ?? []),
  };
}
