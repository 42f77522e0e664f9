import type { Criterion, CriterionResult, RuleEvaluation } from '@jokbo/contracts';
import { componentsCriterion } from './components-criterion.js';
import type { CriterionCase, CriterionFinding } from './criterion-case.js';
import { declaredLineage } from './declared-lineage.js';
import { inheritedShare } from './inherited-share.js';
import { declarationsCriterion, licenceCriterion, trainingCriterion } from './team-statements.js';

/**
 * The outcome of every criterion of a rule set for every release: a pure function of verdicts, declarations and the
 * training record. Outcomes stand side by side, and what is missing is never a pass.
 */
export function evaluateRules(
  criteria: readonly Criterion[],
  releases: readonly CriterionCase[],
): RuleEvaluation[] {
  return releases.map((release) => ({
    subject: release.subject.id,
    criteria: criteria.map((criterion): CriterionResult => {
      const { id, kind } = criterion;
      return { id, kind, ...evaluate(criterion, release) };
    }),
  }));
}

function evaluate(criterion: Criterion, release: CriterionCase): CriterionFinding {
  switch (criterion.test) {
    case 'components':
      return componentsCriterion(criterion, release);
    case 'inherited_share':
      return inheritedShare(criterion, release);
    case 'declared_lineage':
      return declaredLineage(release);
    case 'licence':
      return licenceCriterion(criterion, release);
    case 'training':
      return trainingCriterion(criterion, release);
    case 'declarations':
      return declarationsCriterion(criterion, release);
  }
}
