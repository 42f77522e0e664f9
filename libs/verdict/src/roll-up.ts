import {
  POSITIVE_VERDICTS,
  VERDICTS,
  type Component,
  type ComponentVerdict,
  type RuleThresholds,
  type VerdictClass,
  type VerdictReason,
} from '@jokbo/contracts';
import { statisticKind, type MeasuredPair } from './measurements.js';
import { DERIVED_SHARE } from './rule-set.js';
import { sharedInitialisation } from './shared-initialisation.js';

/** The verdict of a pair over several components. */
export interface RollUp {
  readonly verdict: VerdictClass;
  readonly comparableShare: number;
  /** Share of all parameters that are inherited. */
  readonly linkedShare: number;
  readonly reasons: readonly VerdictReason[];
}

/** Components whose primaries rejected by trace or balanced trace, by the verdict's own thresholds. */
export type RejectedByTrace = (component: Component) => boolean;

/**
 * Rolls component verdicts up to one per release × reference, over the comparable components. An invalid
 * neighbour never hides a hit, nor does a small comparable share; but below that share the release as a whole is
 * neither identical nor derived.
 */
export function rollUp(
  verdicts: readonly ComponentVerdict[],
  pair: MeasuredPair,
  rules: RuleThresholds,
  rejectedByTrace: RejectedByTrace,
): RollUp {
  const total = parametersOf(verdicts);
  const comparable = verdicts.filter(({ verdict }) => verdict !== 'not_comparable');
  const comparableShare = total === 0 ? 0 : parametersOf(comparable) / total;
  const linkedShare =
    total === 0 ? 0 : verdicts.reduce((sum, { parameters_linked }) => sum + parameters_linked, 0) / total;
  const outcome = (
    verdict: VerdictClass,
    code: string,
    text: string,
    records: readonly string[] = [],
  ): RollUp => ({ verdict, comparableShare, linkedShare, reasons: [{ code, records, text }] });
  const positive = comparable.filter(({ verdict }) => POSITIVE_VERDICTS.includes(verdict));
  const small = comparableShare < rules.comparable_share;
  if (comparable.length === 0 || (small && positive.length === 0)) {
    return outcome(
      'not_comparable',
      'comparable-share',
      `${percent(comparableShare)} of the parameters are comparable`,
    );
  }
  if (!small && comparable.every(({ verdict }) => verdict === 'identical')) {
    return outcome('identical', 'all-identical', 'every comparable component is identical');
  }
  const start = sharedInitialisation(comparable, pair, rejectedByTrace);
  if (start !== null) {
    const under = start.alignment === null ? '' : ` under ${start.alignment}`;
    const text = `everything but the norms is dependent${under}, and the norms do not follow`;
    return outcome('common_origin', 'shared-initialisation', text, start.records);
  }
  const inherited = parametersOf(
    comparable.filter(({ verdict }) => verdict === 'identical' || verdict === 'derived'),
  );
  if (!small && inherited >= DERIVED_SHARE * parametersOf(comparable)) {
    return outcome(
      'derived',
      'inherited-share',
      `inherited components hold ${percent(inherited / parametersOf(comparable))} of what is comparable`,
    );
  }
  const others = comparable.filter(
    ({ component, verdict }) => component !== 'norms' && verdict !== 'invalid',
  );
  const allReject =
    !small && others.length > 1 && others.every(({ component }) => rejectedByTrace(component));
  if (allReject)
    return outcome('derived', 'all-reject', 'every comparable component but the norms rejects by trace');
  const names = (list: readonly ComponentVerdict[]): string =>
    list.map(({ component }) => component).join(', ');
  const some = positive.filter(({ verdict }) => verdict !== 'common_origin');
  if (some.length > 0) return outcome('partially_derived', 'some-components', `measured in ${names(some)}`);
  if (positive.length > 0) return outcome('common_origin', 'common-origin', `dependent: ${names(positive)}`);
  const invalid = comparable.filter(({ verdict }) => verdict === 'invalid');
  if (invalid.length > 0) return outcome('invalid', 'invalid-components', `invalid: ${names(invalid)}`);
  const open = comparable.filter(
    ({ component, verdict }) => verdict === 'inconclusive' && component !== 'norms',
  );
  if (open.length > 0)
    return outcome('inconclusive', 'inconclusive-components', `inconclusive: ${names(open)}`);
  return outcome('no_link_found', 'clean', 'no link found in any comparable component');
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

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
