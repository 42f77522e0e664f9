import {
  resultSentence,
  type Component,
  type ResultFigures,
  type VerdictReason,
  type WrittenSentence,
} from '@jokbo/contracts';
import type { CalibratedStatistic } from '@jokbo/evidence';
import { BLOCK_R, DERIVED_SHARE, REJECT_Z } from './rule-set.js';

/** Families of fingerprints above their controls that together speak for a common origin. */
const AGREEING_FAMILIES = 2;

/** Components whose residual stream is not that of the shared tokens: no disguise test applies to them. */
const OTHER_TOWERS: readonly Component[] = ['vision', 'audio'];

/**
 * Tier 3 of a pair beside its controls; `not_needed` where everything is linked in the order in which it stands, null
 * where nobody measured it.
 */
export type PairDisguise = readonly CalibratedStatistic[] | 'not_needed' | null;

/**
 * What tier 3 says of a component: the classes it can give, or whether a clean tier 1 may be called clean. `negative`:
 * measured against controls, and nothing found; `uncalibrated`: measured without enough controls; `not_run`: no
 * statistic applies; `unaligned`: the alignment was learned from it, or it cannot be tested, and other components follow.
 */
export type DisguiseOutcome =
  | 'derived'
  | 'partially_derived'
  | 'common_origin'
  | 'negative'
  | 'not_needed'
  | 'uncalibrated'
  | 'not_run'
  | 'unaligned';

/** Tier 3 of one component. */
export interface DisguiseFinding {
  readonly outcome: DisguiseOutcome;
  /** Share of the parameters in blocks that follow the alignment, by the statistic that finds most. */
  readonly share: number;
  /** The recovered alignment in words; null where none counts. */
  readonly alignment: string | null;
  /** The statistic that decides, where the outcome is a class. */
  readonly statistic: CalibratedStatistic | null;
  readonly reasons: readonly VerdictReason[];
}

/** Tier 3 of one pair, as the decision reads it. */
export interface DisguiseCase {
  readonly component: Component;
  /** Of all components of the pair. */
  readonly statistics: PairDisguise;
  /** Parameters of the component's tensors that have a residual axis. */
  readonly eligible: number;
  /** Whether a primary of the component rejects: then tier 3 can only add to it. */
  readonly tier1Rejects: boolean;
}

/**
 * What tier 3 adds to the decision: aligned evidence that stands above its controls (z_adj ≥ 8 and r ≥ .2) makes a
 * component `derived` where the blocks that follow hold more than half of its parameters, and `partially_derived` where
 * they hold some, or where no block does alone, of `common_origin`; where no primary rejects, two families of fingerprints above their controls make it `common_origin`.
 */
export function disguiseFinding({ statistics, ...rest }: DisguiseCase): DisguiseFinding {
  if (statistics === null)
    return nothing('not_run', 'tier3-not-run', resultSentence('reason_tier3_not_measured', {}));
  if (statistics === 'not_needed') {
    const sentence = resultSentence('reason_tier3_component_not_needed', {});
    return nothing('not_needed', 'tier3-not-needed', sentence);
  }
  return calibratedFinding({ ...rest, statistics });
}

/** A case whose tier 3 was measured. */
interface MeasuredCase extends DisguiseCase {
  readonly statistics: readonly CalibratedStatistic[];
}

function calibratedFinding(facts: MeasuredCase): DisguiseFinding {
  const own = facts.statistics.filter(({ record }) => record.component === facts.component);
  const aligned = own.filter(({ role }) => role === 'aligned');
  const counting = aligned
    .filter(({ counts }) => counts)
    .map((statistic) => ({ statistic, share: followedShare(statistic, facts.eligible) }))
    .sort((a, b) => b.share - a.share || (b.statistic.z ?? 0) - (a.statistic.z ?? 0));
  const [best] = counting;
  if (best !== undefined) {
    const alignment = alignmentOf(best.statistic);
    const ids = counting.map(({ statistic }) => statistic.record.id);
    const sentence = resultSentence('reason_aligned_inherited', {
      ...besideControls(best.statistic),
      alignment,
      block_r: BLOCK_R,
      share: best.share,
    });
    const reasons = [{ code: 'aligned-inherited', records: ids, ...sentence }];
    const outcome =
      best.share > DERIVED_SHARE ? 'derived' : best.share > 0 ? 'partially_derived' : 'common_origin';
    return { outcome, share: best.share, alignment, statistic: best.statistic, reasons };
  }
  const families = agreeingFamilies(facts);
  if (families !== null && !facts.tier1Rejects) {
    const sentence = resultSentence('reason_families_agree', { methods: families.methods });
    const reasons = [{ code: 'families-agree', records: families.records, ...sentence }];
    const [statistic = null] = own.filter(({ role, counts }) => role === 'family' && counts);
    return { outcome: 'common_origin', share: 0, alignment: null, statistic, reasons };
  }
  return withoutFinding(facts, aligned);
}

function withoutFinding(facts: MeasuredCase, aligned: readonly CalibratedStatistic[]): DisguiseFinding {
  const elsewhere = facts.statistics.filter(({ role, counts }) => role === 'aligned' && counts);
  const calibrated = aligned.filter(({ z }) => z !== null);
  const [best] = closest(calibrated);
  if (best !== undefined) {
    const sentence = resultSentence('reason_no_alignment_of_it', besideControls(best));
    return nothing('negative', 'no-disguise-found', sentence, calibrated);
  }
  const fewControls = resultSentence('reason_tier3_few_controls', {});
  if (aligned.length > 0) return nothing('uncalibrated', 'tier3-uncalibrated', fewControls, aligned);
  if (OTHER_TOWERS.includes(facts.component))
    return nothing('not_run', 'tier3-not-run', resultSentence('reason_tier3_other_tower', {}));
  if (elsewhere.length > 0) {
    const sentence = resultSentence('reason_alignment_elsewhere', {});
    return nothing('unaligned', 'disguise-elsewhere', sentence, elsewhere);
  }
  const [other] = closest(facts.statistics.filter(({ role, z }) => role === 'aligned' && z !== null));
  if (other !== undefined) {
    const sentence = resultSentence('reason_no_alignment_at_all', besideControls(other));
    return nothing('negative', 'no-disguise-found', sentence, [other]);
  }
  const measured = facts.statistics.filter(({ role }) => role === 'aligned');
  return measured.length > 0
    ? nothing('uncalibrated', 'tier3-uncalibrated', fewControls, measured)
    : nothing('not_run', 'tier3-not-run', resultSentence('reason_tier3_no_test', {}));
}

function nothing(
  outcome: DisguiseOutcome,
  code: string,
  sentence: WrittenSentence,
  from: readonly CalibratedStatistic[] = [],
): DisguiseFinding {
  const records = from.map(({ record }) => record.id);
  return { outcome, share: 0, alignment: null, statistic: null, reasons: [{ code, records, ...sentence }] };
}

/** The statistic that comes closest to a finding. */
function closest(statistics: readonly CalibratedStatistic[]): CalibratedStatistic[] {
  return [...statistics].sort((a, b) => (b.z ?? 0) - (a.z ?? 0)).slice(0, 1);
}

/** What a sentence tells of a statistic beside its controls. */
function besideControls({
  z,
  controls,
  record,
}: CalibratedStatistic): ResultFigures<'reason_no_alignment_of_it'> {
  return { z, method: record.method, controls };
}

/** Whether a component with a clean tier 1 may be called clean: tier 3 must have looked, unless the rule set waives it. */
export function allowsClean({ outcome }: DisguiseFinding, waived: boolean): boolean {
  const looked = outcome === 'negative' || outcome === 'not_needed';
  return looked || (waived && (outcome === 'uncalibrated' || outcome === 'not_run'));
}

/** Share of the parameters in blocks that follow; of what was tested, where tensors were left out as too many. */
function followedShare({ record }: CalibratedStatistic, eligible: number): number {
  const followed = record.blocks.reduce(
    (sum, { z, r, parameters }) => sum + ((z ?? 0) >= REJECT_Z && (r ?? 0) >= BLOCK_R ? parameters : 0),
    0,
  );
  const untested = ['tensors_untested', 'blocks_untested', 'layers_untested'].some(
    (name) => Number(record.details[name] ?? 0) > 0,
  );
  const whole = untested ? record.parameters : Math.max(eligible, record.parameters);
  return whole > 0 ? Math.min(1, followed / whole) : 0;
}

/** Families above their controls, where at least two are, and one of them speaks about this component. */
function agreeingFamilies({
  statistics,
  component,
}: MeasuredCase): { methods: readonly string[]; records: readonly string[] } | null {
  const counting = statistics.filter(({ role, counts }) => role === 'family' && counts);
  const methods = [...new Set(counting.map(({ record }) => record.method))];
  const speaks = counting.some(({ record }) => record.component === component);
  return speaks && methods.length >= AGREEING_FAMILIES
    ? { methods, records: counting.map(({ record }) => record.id) }
    : null;
}

function alignmentOf({ record }: CalibratedStatistic): string | null {
  const name = record.details['alignment'];
  return typeof name === 'string' ? name : null;
}
