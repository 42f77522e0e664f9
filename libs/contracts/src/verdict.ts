import type { Component } from './component.js';
import type { CodedSentence } from './result-figures.js';

/** Verdict classes in order of severity, most severe first. */
export const VERDICTS = [
  'identical',
  'derived',
  'partially_derived',
  'common_origin',
  'invalid',
  'inconclusive',
  'no_link_found',
  'not_comparable',
] as const;
export type VerdictClass = (typeof VERDICTS)[number];

/** Classes that say that weights are shared. */
export const POSITIVE_VERDICTS: readonly VerdictClass[] = [
  'identical',
  'derived',
  'partially_derived',
  'common_origin',
];

export type ControlKind = 'negative' | 'positive' | 'self_scramble' | 'identity';

/** One control of one component; `passed: null` = not due. */
export interface ControlRecord {
  readonly id: string;
  readonly kind: ControlKind;
  readonly component: Component;
  readonly method: string;
  /** Which model served, or `int8 of the subject`, `8 scrambles of the reference`. */
  readonly model: string;
  readonly must: string;
  readonly z: number | null;
  readonly r: number | null;
  readonly passed: boolean | null;
  readonly note: string | null;
}

/** Why a verdict is what it is: a code, the records that decided, and a sentence with its figures. */
export interface VerdictReason extends Partial<CodedSentence> {
  readonly code: string;
  readonly records: readonly string[];
  /** The sentence in English; results that were made before sentences had keys hold nothing else of it. */
  readonly text: string;
}

export interface ComponentVerdict {
  readonly component: Component;
  readonly verdict: VerdictClass;
  /** Sub-type of `common_origin`, or null. */
  readonly type: string | null;
  /** The primary that decided, or the strongest one. */
  readonly statistic: string | null;
  readonly z: number | null;
  /** z/√max(1, λ). */
  readonly z_calibrated: number | null;
  readonly log10_p: number | null;
  /** Holm-adjusted over every primary of the audit. */
  readonly log10_p_adjusted: number | null;
  readonly r: number | null;
  readonly r_interval: readonly [number, number] | null;
  readonly r_min: number | null;
  readonly r_required: number | null;
  readonly n_eff: number | null;
  readonly tensors: number;
  readonly parameters: number;
  /** Parameters in blocks that are positive or identical. */
  readonly parameters_linked: number;
  readonly bytes_identical: number;
  readonly reasons: readonly VerdictReason[];
}

export interface PairVerdict {
  readonly subject: string;
  readonly reference: string;
  readonly verdict: VerdictClass;
  readonly declared: boolean;
  readonly comparable_share: number;
  /** Share of the subject's parameters in positive components; null where nothing of it is comparable. */
  readonly linked_share: number | null;
  readonly components: readonly ComponentVerdict[];
  readonly controls: readonly ControlRecord[];
  readonly reasons: readonly VerdictReason[];
}

/** λ of one kind of statistic, from reference × reference pairs that are documented independent. */
export interface Calibration {
  readonly statistic: 'trace' | 'gram' | 'hidden' | 'value';
  /** Width of the residual stream the pairs have. */
  readonly width: number | null;
  readonly lambda: number;
  readonly calibrated: boolean;
  readonly pairs: number;
  /** Sorted z of the calibration pairs, for the QQ plot. */
  readonly z: readonly number[];
  /**
   * The same for each component by itself, in the order of components: shown beside the pooled λ, by which verdicts
   * are calibrated. Absent in results that do not have it.
   */
  readonly components?: readonly CalibrationCell[];
}

/** λ of one kind of statistic, component and width; null below 20 pairs. */
export interface CalibrationCell {
  readonly component: Component;
  readonly lambda: number | null;
  readonly pairs: number;
  readonly z: readonly number[];
}
