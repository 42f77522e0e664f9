import { POSITIVE_VERDICTS, resultSentence } from '@jokbo/contracts';
import { hasFailed } from '../failed-pair.js';
import {
  finding,
  isOpen,
  reasonsOf,
  recordsOf,
  undeclaredVerdicts,
  type CriterionCase,
  type CriterionFinding,
} from './criterion-case.js';

/** Whether every reference with which a release shares weights was declared, for the components that share them. */
export function declaredLineage({ pairs }: CriterionCase): CriterionFinding {
  if (pairs.every(({ verdict }) => verdict.verdict === 'not_comparable' && !hasFailed(verdict))) {
    return finding('not_provided', 'not-comparable', resultSentence('criterion_comparable_with_none', {}));
  }
  const undeclared = undeclaredVerdicts(pairs);
  const failing = undeclared.filter(({ component }) => POSITIVE_VERDICTS.includes(component.verdict));
  if (failing.length > 0) return { outcome: 'fail', reasons: reasonsOf('undeclared', failing) };
  const open = undeclared.filter(({ component }) => isOpen(component));
  if (open.length > 0) return { outcome: 'not_provided', reasons: reasonsOf('undecided', open) };
  const shared = pairs.filter(({ verdict }) => POSITIVE_VERDICTS.includes(verdict.verdict));
  if (shared.length === 0)
    return finding('pass', 'nothing-to-declare', resultSentence('criterion_nothing_to_declare', {}));
  const references = shared.map(({ verdict }) => verdict.reference);
  const sentence = resultSentence('criterion_lineage_declared', { references });
  return finding(
    'pass',
    'declared',
    sentence,
    recordsOf(shared.flatMap(({ verdict }) => verdict.components)),
  );
}
