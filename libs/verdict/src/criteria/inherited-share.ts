import {
  POSITIVE_VERDICTS,
  resultSentence,
  type ComponentVerdict,
  type InheritedShareCriterion,
} from '@jokbo/contracts';
import { hasFailed } from '../failed-pair.js';
import {
  finding,
  isDeclared,
  recordsOf,
  type CriterionCase,
  type CriterionFinding,
  type JudgedPair,
} from './criterion-case.js';

interface Share {
  readonly reference: string;
  readonly linked: number;
  /** Linked, and what is undecided: the largest share that it could be. */
  readonly possible: number;
  readonly records: readonly string[];
}

/**
 * Share of the parameters in undeclared inherited blocks, against the reference from which it is largest. Not provided
 * where what is undecided could lift it above the limit, or where no reference is comparable.
 */
export function inheritedShare(
  { max_share: limit }: InheritedShareCriterion,
  { pairs }: CriterionCase,
): CriterionFinding {
  const shares = pairs
    .filter(({ verdict }) => verdict.verdict !== 'not_comparable' || hasFailed(verdict))
    .map(shareOf);
  const [largest] = [...shares].sort((a, b) => b.linked - a.linked);
  if (largest === undefined) {
    return finding('not_provided', 'not-comparable', resultSentence('criterion_comparable_with_none', {}));
  }
  const { reference, linked, records } = largest;
  if (linked > limit) {
    const sentence = resultSentence('criterion_share_above', { share: linked, reference, limit });
    return finding('fail', 'inherited-share', sentence, records);
  }
  const open = shares.filter(({ possible }) => possible > limit);
  if (open.length > 0) {
    const references = open.map((share) => share.reference);
    const sentence = resultSentence('criterion_share_open', { references, limit });
    return finding(
      'not_provided',
      'undecided',
      sentence,
      open.flatMap((share) => share.records),
    );
  }
  const sentence = resultSentence('criterion_share_within', { share: linked, limit });
  return finding('pass', 'inherited-share', sentence, records);
}

function shareOf({ verdict, declared }: JudgedPair): Share {
  const own = verdict.components.filter(({ component }) => !isDeclared(declared, component));
  const open = own.filter(
    (one) => one.verdict === 'invalid' || one.verdict === 'inconclusive' || hasFailed(one),
  );
  const total = sum(verdict.components, 'parameters');
  const linked = total === 0 ? 0 : sum(own, 'parameters_linked') / total;
  const undecided = total === 0 ? 0 : sum(open, 'parameters') / total;
  const deciding = own.filter((one) => POSITIVE_VERDICTS.includes(one.verdict) || open.includes(one));
  return {
    reference: verdict.reference,
    linked,
    possible: linked + undecided,
    records: recordsOf(deciding),
  };
}

function sum(components: readonly ComponentVerdict[], of: 'parameters' | 'parameters_linked'): number {
  return components.reduce((held, component) => held + component[of], 0);
}
