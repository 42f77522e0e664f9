import {
  POSITIVE_VERDICTS,
  VERDICTS,
  type Component,
  type ComponentVerdict,
  type RuleThresholds,
  type VerdictClass,
  type VerdictReason,
} from '@jokbo/contracts';
import { recordOf, statisticKind, type MeasuredPair } from './measurements.js';
import { DERIVED_SHARE, NORMS_FOLLOW_SHARE } from './rule-set.js';

/** The verdict of a pair over several components. */
export interface RollUp {
  readonly verdict: VerdictClass;
  readonly comparableShare: number;
  /** Share of all parameters that are inherited. */
  readonly linkedShare: number;
  readonly reasons: readonly VerdictReason[];
}

/** Components whose trace r̂ the norms are held against. */
const TRAINED: readonly Component[] = ['attention', 'mlp', 'experts'];

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
  const outcome = (verdict: VerdictClass, code: string, text: string): RollUp => ({
    verdict,
    comparableShare,
    linkedShare,
    reasons: [{ code, records: [], text }],
  });
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
  if (sharedInitialisation(comparable, pair, rejectedByTrace)) {
    return outcome(
      'common_origin',
      'shared-initialisation',
      'everything but the norms is dependent, and the norms do not follow',
    );
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

/** Norms start at one and carry no initialisation: a shared start leaves them behind, descent does not. */
function sharedInitialisation(
  comparable: readonly ComponentVerdict[],
  pair: MeasuredPair,
  rejectedByTrace: RejectedByTrace,
): boolean {
  const others = comparable.filter(({ component }) => component !== 'norms');
  const norms = recordOf(pair.records, 'norms', 'trace')?.r ?? null;
  if (norms === null || others.length === 0) return false;
  if (!others.every(({ component }) => rejectedByTrace(component))) return false;
  const largest = Math.max(
    ...TRAINED.map((component) => recordOf(pair.records, component, 'trace')?.r ?? Number.NEGATIVE_INFINITY),
  );
  return Number.isFinite(largest) && norms < NORMS_FOLLOW_SHARE * largest;
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
