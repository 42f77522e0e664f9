import type { DeclarationsCriterion, LicenceCriterion, TrainingCriterion } from '@jokbo/contracts';
import { finding, type CriterionCase, type CriterionFinding } from './criterion-case.js';

/** Whether the stated licence is among those that the round allows. */
export function licenceCriterion(
  { allowed }: LicenceCriterion,
  { subject }: CriterionCase,
): CriterionFinding {
  const { licence } = subject;
  if (licence === undefined) return finding('not_provided', 'no-licence', 'the team stated no licence');
  return allowed.includes(licence)
    ? finding('pass', 'licence', licence)
    : finding('fail', 'licence', `${licence}; allowed: ${allowed.join(', ')}`);
}

/** Whether these tests of the training record pass; one that fails fails, one that could not be run provides nothing. */
export function trainingCriterion(
  { tests }: TrainingCriterion,
  { training }: CriterionCase,
): CriterionFinding {
  if (training === null) return finding('not_provided', 'no-training-record', 'the team gave no records');
  const found = tests.map((name) => training.tests.find(({ test }) => test === name));
  for (const outcome of ['fail', 'not_provided'] as const) {
    const such = tests.filter((_name, index) => (found[index]?.outcome ?? 'not_provided') === outcome);
    if (such.length === 0) continue;
    const reasons = such.map((name) => {
      const why = training.tests.find(({ test }) => test === name)?.reason ?? 'not run';
      return { code: `training-${outcome === 'fail' ? 'failed' : 'missing'}`, records: [name], text: why };
    });
    return { outcome, reasons };
  }
  return finding('pass', 'training', `${tests.length} tests of the training record pass`, tests);
}

/** Whether the team declared everything that the round asks for. What a declaration says is for people to judge. */
export function declarationsCriterion(
  { names }: DeclarationsCriterion,
  { subject }: CriterionCase,
): CriterionFinding {
  const missing = names.filter((name) => subject.declarations?.[name] === undefined);
  return missing.length === 0
    ? finding('pass', 'declared', `declared: ${names.join(', ')}`)
    : finding('not_provided', 'not-declared', `not declared: ${missing.join(', ')}`);
}
