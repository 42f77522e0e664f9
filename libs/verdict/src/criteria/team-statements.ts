import {
  resultSentence,
  type DeclarationsCriterion,
  type LicenceCriterion,
  type TrainingCriterion,
} from '@jokbo/contracts';
import { finding, type CriterionCase, type CriterionFinding } from './criterion-case.js';

/** Whether the stated licence is among those that the round allows. */
export function licenceCriterion(
  { allowed }: LicenceCriterion,
  { subject }: CriterionCase,
): CriterionFinding {
  const { licence } = subject;
  if (licence === undefined)
    return finding('not_provided', 'no-licence', resultSentence('criterion_no_licence', {}));
  return allowed.includes(licence)
    ? finding('pass', 'licence', resultSentence('criterion_licence', { licence }))
    : finding('fail', 'licence', resultSentence('criterion_licence_not_allowed', { licence, allowed }));
}

/** Whether these tests of the training record pass; one that fails fails, one that could not be run provides nothing. */
export function trainingCriterion(
  { tests }: TrainingCriterion,
  { training }: CriterionCase,
): CriterionFinding {
  if (training === null) {
    const sentence = resultSentence('criterion_no_training_record', {});
    return finding('not_provided', 'no-training-record', sentence);
  }
  const found = tests.map((name) => training.tests.find(({ test }) => test === name));
  for (const outcome of ['fail', 'not_provided'] as const) {
    const such = tests.filter((_name, index) => (found[index]?.outcome ?? 'not_provided') === outcome);
    if (such.length === 0) continue;
    const reasons = such.map((name) => {
      const why = training.tests.find(({ test }) => test === name)?.reason ?? null;
      const sentence =
        why === null
          ? resultSentence('criterion_training_not_run', { test: name })
          : resultSentence('criterion_training_test', { test: name, why });
      return { code: `training-${outcome === 'fail' ? 'failed' : 'missing'}`, records: [name], ...sentence };
    });
    return { outcome, reasons };
  }
  return finding(
    'pass',
    'training',
    resultSentence('criterion_training_passed', { count: tests.length }),
    tests,
  );
}

/** Whether the team declared everything that the round asks for. What a declaration says is for people to judge. */
export function declarationsCriterion(
  { names }: DeclarationsCriterion,
  { subject }: CriterionCase,
): CriterionFinding {
  const missing = names.filter((name) => subject.declarations?.[name] === undefined);
  return missing.length === 0
    ? finding('pass', 'declared', resultSentence('criterion_declared', { names }))
    : finding('not_provided', 'not-declared', resultSentence('criterion_not_declared', { names: missing }));
}
