import {
  AccessDenied,
  canonicalJson,
  ObjectMissing,
  type AuditPlan,
  type PlannedComparison,
  type Programme,
} from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { pinnedUri, splitUri } from '@jokbo/storage';
import { loadJson, sha256, storeJson } from './evidence-store.js';
import { planComparisons, type PlannedEntry } from './plan-comparisons.js';
import { resolveSource } from './programme/index.js';
import { plannedTraining, type PlannedTraining } from './training/planned-training.js';

/** A plan as it is stored: the validated programme, and every model by id. */
export interface StoredPlan {
  readonly programme: Programme;
  readonly entries: readonly PlannedEntry[];
  /** URI of the folder of the programme file; sources below it are shown relative to it. */
  readonly folder: string;
  /** Subjects with training records; absent where none has some. */
  readonly training?: readonly PlannedTraining[];
}

/**
 * Plans an audit and stores the plan under its own digest. Revisions of a hub are pinned to the commits that they name now,
 * so that every worker reads the same.
 */
export async function storePlan(
  programme: Programme,
  programmeUri: string,
  parts: PartStore,
): Promise<AuditPlan> {
  const planned = plannedOf(programme, programmeUri);
  const entries = await Promise.all(
    planned.entries.map(async (entry) => ({ ...entry, uri: await pinned(entry.uri) })),
  );
  const stored = { ...planned, entries };
  const { training = [] } = stored;
  const id = sha256(canonicalJson(stored));
  await storeJson(parts, id, stored);
  return {
    id,
    models: entries.map(({ id: model, uri }) => ({ id: model, uri })),
    ...(training.length === 0 ? {} : { training: training.map(({ subject }) => subject) }),
  };
}

/** What is absent is named with all else that is, once every model is looked at. */
async function pinned(uri: string): Promise<string> {
  try {
    return await pinnedUri(uri);
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof AccessDenied) return uri;
    throw error;
  }
}

/** Every comparison of a plan, in fixed order. */
export function comparisonsOf({ programme, entries }: StoredPlan): PlannedComparison[] {
  return planComparisons(programme, new Map(entries.map((entry) => [entry.id, entry])));
}

/** The plan of a programme; nothing is opened. */
export function plannedOf(programme: Programme, programmeUri: string): StoredPlan {
  const training = plannedTraining(programme, programmeUri);
  return {
    programme,
    entries: planEntries(programme, programmeUri),
    folder: splitUri(programmeUri).store,
    ...(training.length === 0 ? {} : { training }),
  };
}

/** @throws RangeError when there is no such plan: plans are stored before anything refers to them. */
export async function loadPlan(parts: PartStore, id: string): Promise<StoredPlan> {
  const plan = await loadJson<StoredPlan>(parts, id);
  if (plan === null) throw new RangeError(`no plan ${id}`);
  return plan;
}

function planEntries(programme: Programme, programmeUri: string): PlannedEntry[] {
  return [
    ...programme.subjects.map(({ id, source }) => ({ id, source, family: `subject:${id}` })),
    ...programme.references,
  ].map(({ id, source, family }) => ({ id, uri: resolveSource(programme, source, programmeUri), family }));
}
