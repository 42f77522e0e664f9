import {
  canonicalJson,
  type FingerprintReference,
  type TrainingReference,
  type TrainingSection,
} from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import type { StoredPlan } from '../audit-plan.js';
import { loadJson, sha256, storeJson } from '../evidence-store.js';
import { measureTrajectory } from './measure-trajectory.js';
import type { TrajectoryDeps } from './trajectory-deps.js';

/** The stage of an audit that tests the training records of one subject. */
export async function runTrajectory(
  { programme, entries, training }: StoredPlan,
  subject: string,
  fingerprints: readonly FingerprintReference[],
  deps: TrajectoryDeps,
): Promise<TrainingReference> {
  const planned = training?.find((entry) => entry.subject === subject);
  const release = entries.find(({ id }) => id === subject);
  if (planned === undefined || release === undefined)
    throw new RangeError(`no training records of ${subject}`);
  const section = await measureTrajectory(
    {
      subject,
      releaseUri: release.uri,
      trainingUri: planned.uri,
      // A reference that could not be read has none: the result says so.
      references: planned.references.flatMap((id) => {
        const found = fingerprints.find(({ model }) => model === id);
        return found === undefined ? [] : [{ id, fingerprint: found.fingerprint }];
      }),
      features: programme.budget.features,
    },
    deps,
  );
  const key = sha256(canonicalJson(section));
  await storeJson(deps.parts, key, section);
  return { subject, training: key };
}

/** The sections that {@link runTrajectory} stored. */
export async function loadTrajectories(
  parts: PartStore,
  references: readonly TrainingReference[],
): Promise<readonly TrainingSection[]> {
  const sections = [];
  for (const { training } of references) {
    const section = await loadJson<TrainingSection>(parts, training);
    if (section === null) throw new RangeError(`no training section ${training}`);
    sections.push(section);
  }
  return sections;
}
