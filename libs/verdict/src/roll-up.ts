import {
  POSITIVE_VERDICTS,
  resultSentence,
  VERDICTS,
  type Component,
  type ComponentVerdict,
  type RuleThresholds,
  type VerdictClass,
  type VerdictReason,
  type WrittenSentence,
} from '@jokbo/contracts';
import { componentsFailed, hasFailed } from './failed-pair.js';
import { statisticKind, type MeasuredPair } from './measurements.js';
import { DERIVED_SHARE, MAPPED_SHARE } from './rule-set.js';
import { sharedInitialisation } from './shared-initialisation.js';

/** The verdict of a pair over several components. */
export interface RollUp {
  readonly verdict: VerdictClass;
  readonly comparableShare: number;
  /** Share of all parameters that are inherited; null where nothing is comparable. */
  readonly linkedShare: number | null;
  readonly reasons: readonly VerdictReason[];
}

/** Components whose primaries rejected by trace or balanced trace, by the verdict's own thresholds. */
export type RejectedByTrace = (component: Component) => boolean;

/**
 * Rolls component verdicts up to one per release × reference, over the comparable components. An invalid
 * neighbour never hides a hit, nor does a small comparable share; but below that share the release as a whole is
 * neither identical nor derived. What failed for good keeps a pair from being clean.
 *
 * @param mappedShare share of the parameters whose meaning is known, of the model that has less of them: what nobody
 *   compared is not clean.
 */
export function rollUp(
  verdicts: readonly ComponentVerdict[],
  pair: MeasuredPair,
  rules: RuleThresholds,
  rejectedByTrace: RejectedByTrace,
  mappedShare: number,
): RollUp {
  const total = parametersOf(verdicts);
  const comparable = verdicts.filter(({ verdict }) => verdict !== 'not_comparable');
  const comparableShare = total === 0 ? 0 : parametersOf(comparable) / total;
  const linkedShare =
    comparableShare === 0
      ? null
      : verdicts.reduce((sum, { parameters_linked }) => sum + parameters_linked, 0) / total;
  const failed = verdicts.filter(hasFailed).map(({ component }) => component);
  const failures = failed.length === 0 ? [] : [componentsFailed(failed)];
  const outcome = (
    verdict: VerdictClass,
    code: string,
    sentence: WrittenSentence,
    records: readonly string[] = [],
  ): RollUp => {
    const reasons = [{ code, records, ...sentence }, ...failures];
    return { verdict, comparableShare, linkedShare, reasons };
  };
  const positive = comparable.filter(({ verdict }) => POSITIVE_VERDICTS.includes(verdict));
  const small = comparableShare < rules.comparable_share;
  if (comparable.length === 0 || (small && positive.length === 0)) {
    return outcome(
      'not_comparable',
      'comparable-share',
      resultSentence('reason_comparable_share', { share: comparableShare }),
    );
  }
  if (!small && comparable.every(({ verdict }) => verdict === 'identical')) {
    return outcome('identical', 'all-identical', resultSentence('reason_all_identical', {}));
  }
  const start = sharedInitialisation(comparable, pair, rejectedByTrace);
  if (start !== null) {
    const { alignment, records } = start;
    const sentence =
      alignment === null
        ? resultSentence('reason_shared_initialisation', {})
        : resultSentence('reason_shared_initialisation_aligned', { alignment });
    return outcome('common_origin', 'shared-initialisation', sentence, records);
  }
  const inherited = parametersOf(
    comparable.filter(({ verdict }) => verdict === 'identical' || verdict === 'derived'),
  );
  if (!small && inherited >= DERIVED_SHARE * parametersOf(comparable)) {
    return outcome(
      'derived',
      'inherited-share',
      resultSentence('reason_inherited_share', { share: inherited / parametersOf(comparable) }),
    );
  }
  const others = comparable.filter(
    ({ component, verdict }) => component !== 'norms' && verdict !== 'invalid',
  );
  const allReject =
    !small && others.length > 1 && others.every(({ component }) => rejectedByTrace(component));
  if (allReject) return outcome('derived', 'all-reject', resultSentence('reason_all_reject', {}));
  const naming = (list: readonly ComponentVerdict[]): { readonly components: readonly Component[] } => ({
    components: list.map(({ component }) => component),
  });
  const some = positive.filter(({ verdict }) => verdict !== 'common_origin');
  if (some.length > 0)
    return outcome(
      'partially_derived',
      'some-components',
      resultSentence('reason_some_components', naming(some)),
    );
  if (positive.length > 0)
    return outcome(
      'common_origin',
      'common-origin',
      resultSentence('reason_common_origin', naming(positive)),
    );
  const invalid = comparable.filter(({ verdict }) => verdict === 'invalid');
  if (invalid.length > 0)
    return outcome(
      'invalid',
      'invalid-components',
      resultSentence('reason_invalid_components', naming(invalid)),
    );
  const open = comparable.filter(
    ({ component, verdict }) => verdict === 'inconclusive' && component !== 'norms',
  );
  if (open.length > 0)
    return outcome(
      'inconclusive',
      'inconclusive-components',
      resultSentence('reason_inconclusive_components', naming(open)),
    );
  if (failures.length > 0)
    return { verdict: 'inconclusive', comparableShare, linkedShare, reasons: failures };
  if (mappedShare < MAPPED_SHARE)
    return outcome(
      'inconclusive',
      'unmapped-share',
      resultSentence('reason_unmapped_share', { share: mappedShare }),
    );
  return outcome('no_link_found', 'clean', resultSentence('reason_no_link', {}));
}

function parametersOf(verdicts: readonly ComponentVerdict[]): number {
  return verdicts.reduce((sum, { parameters }) => sum + parameters, 0);
}

/** The more severe of two classes. */
export function moreSevere(a: VerdictClass, b: VerdictClass): VerdictClass {
  return VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;
}

export function isTraceKind(method: Parameters<typeof statisticKind>[0]): boolean {
  return statisticKind(method) === 'trace';
}
