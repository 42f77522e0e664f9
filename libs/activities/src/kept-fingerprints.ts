import { UsageError, type FingerprintReference } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadPlan, plannedOf } from './audit-plan.js';
import { inputsOfProgramme } from './decision-inputs.js';
import { readProgramme } from './read-programme.js';

/**
 * The fingerprints that a finished audit made of every model of a programme but the references that are added to it:
 * with them, the others need not be opened.
 *
 * @param added ids of references of the programme.
 * @returns by model.
 * @throws UsageError where an id is no reference, the programme was not audited with these parts, or a model that is not
 *   added was not part of that audit, lay elsewhere, or was sampled otherwise.
 */
export async function keptFingerprints(
  programmeUri: string,
  added: readonly string[],
  parts: PartStore,
): Promise<ReadonlyMap<string, FingerprintReference>> {
  const programme = await readProgramme(programmeUri);
  const unknown = added.find((id) => !programme.references.some((reference) => reference.id === id));
  if (unknown !== undefined) {
    throw new UsageError('an added reference must stand among the references of the programme', {
      object: programmeUri,
      value: unknown,
    });
  }
  const plan = plannedOf(programme, programmeUri);
  const inputs = await inputsOfProgramme(parts, plan);
  if (inputs === null) {
    throw new UsageError('this programme was not audited with this work folder: audit it whole first', {
      object: programmeUri,
    });
  }
  const before = await loadPlan(parts, inputs.plan);
  const sampledAlike = before.programme.budget.features === programme.budget.features;
  const kept = plan.entries
    .filter(({ id }) => !added.includes(id))
    .map(({ id, uri }): FingerprintReference => {
      const known = before.entries.find((entry) => entry.id === id);
      const found = inputs.fingerprints.find(({ model }) => model === id);
      if (known?.uri === uri && sampledAlike && found !== undefined) return found;
      throw new UsageError(
        'the finished audit has no such model at this place, with this budget: add it too, or audit whole',
        { object: programmeUri, value: id },
      );
    });
  return new Map(kept.map((reference) => [reference.model, reference]));
}
