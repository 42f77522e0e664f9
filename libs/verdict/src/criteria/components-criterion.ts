import { resultSentence, type ComponentsCriterion } from '@jokbo/contracts';
import {
  finding,
  isAtLeast,
  isOpen,
  reasonsOf,
  recordsOf,
  undeclaredVerdicts,
  type CriterionCase,
  type CriterionFinding,
} from './criterion-case.js';

/**
 * Fails where a component of the list has a class from `fail_on` on against a reference that was not declared for it.
 * Not provided where one of them is undecided against some reference, or comparable with none.
 */
export function componentsCriterion(criterion: ComponentsCriterion, facts: CriterionCase): CriterionFinding {
  const { components, fail_on: mildest } = criterion;
  const isMeant = (component: (typeof components)[number]): boolean =>
    components.length === 0 || components.includes(component);
  const all = facts.pairs.flatMap(({ verdict }) =>
    verdict.components.filter((one) => isMeant(one.component)),
  );
  if (all.length === 0) return finding('not_provided', 'absent', resultSentence('criterion_absent', {}));
  const undeclared = undeclaredVerdicts(facts.pairs).filter(({ component }) => isMeant(component.component));
  const failing = undeclared.filter(({ component }) => isAtLeast(component.verdict, mildest));
  if (failing.length > 0) return { outcome: 'fail', reasons: reasonsOf('linked', failing) };
  const open = undeclared.filter(
    ({ component }) =>
      isOpen(component) || (component.verdict === 'inconclusive' && components.includes('norms')),
  );
  if (open.length > 0) return { outcome: 'not_provided', reasons: reasonsOf('undecided', open) };
  const names = [...new Set(all.map(({ component }) => component))];
  const uncompared = names.filter((name) =>
    all.every(({ component, verdict }) => component !== name || verdict === 'not_comparable'),
  );
  if (uncompared.length > 0) {
    return finding(
      'not_provided',
      'not-comparable',
      resultSentence('criterion_uncompared', { components: uncompared }),
    );
  }
  const references = new Set(undeclared.map(({ reference }) => reference)).size;
  const sentence = resultSentence('criterion_clean', { components: names, verdict: mildest, references });
  return finding('pass', 'clean', sentence, recordsOf(undeclared.map(({ component }) => component)));
}
