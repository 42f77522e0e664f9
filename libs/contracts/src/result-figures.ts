import type { Component } from './component.js';
import type { ResultMessage } from './result-messages.js';
import type { TrainingTestName } from './training.js';
import type { ControlKind, VerdictClass } from './verdict.js';

/** A control that failed, in a figure. */
export interface NamedControl {
  readonly kind: ControlKind;
  readonly method: string;
}

/** What a figure of a sentence can be, by its kind: reports write each kind in their own way. */
export interface FigureKinds {
  /** Standard deviations of a null; null = not measured. */
  readonly z: number | null;
  /** A correlation, or an effect on the same scale; null = not measured. */
  readonly r: number | null;
  /** 0–1; null = not measured. */
  readonly share: number | null;
  readonly count: number;
  /** A figure of the rule set or of the method, written with the digits that it has. */
  readonly limit: number;
  /** A name of a method, tensor, licence or error, or its words: the same in every language; null = none has one. */
  readonly name: string | null;
  readonly names: readonly string[];
  /** Why a training test fails or could not be run: name of its figure, or code. */
  readonly gap: string;
  /** Id of a model. */
  readonly reference: string;
  readonly references: readonly string[];
  readonly component: Component;
  readonly components: readonly Component[];
  readonly verdict: VerdictClass;
  readonly controls: readonly NamedControl[];
  readonly test: TrainingTestName;
}
export type FigureKind = keyof FigureKinds;

const BLOCKS = { block_r: 'limit', share: 'share' } as const;
const ALIGNED = { z: 'z', method: 'name', controls: 'count' } as const;
const FAILURE = { error: 'name', message: 'name' } as const;
const COMPONENTS_ALONE = { components: 'components' } as const;
const UNCALIBRATED = { pairs: 'count', lambda: 'limit', statistics: 'names' } as const;

/** Names and kinds of the figures of every sentence; those that sentences insert, and no other. */
export const RESULT_FIGURES = {
  reason_bytes_identical: { share: 'share' },
  reason_blocks_inherited: BLOCKS,
  reason_some_blocks_inherited: BLOCKS,
  reason_gram_inherited: { method: 'name', r: 'r' },
  reason_gram_and_trace: {},
  reason_values_identical: { share: 'share' },
  reason_dependent: {},
  reason_shared_start: { bulk_r: 'r', q: 'r' },
  reason_induced: COMPONENTS_ALONE,
  reason_held_against: { component: 'component', against: 'component' },
  reason_aligned_inherited: { ...ALIGNED, ...BLOCKS, alignment: 'name' },
  reason_families_agree: { methods: 'names' },
  reason_no_alignment_of_it: ALIGNED,
  reason_no_alignment_at_all: ALIGNED,
  reason_alignment_elsewhere: {},
  reason_tier3_few_controls: {},
  reason_tier3_not_measured: {},
  reason_tier3_other_tower: {},
  reason_tier3_no_test: {},
  reason_tier3_component_not_needed: {},
  reason_tier3_pair_not_needed: {},
  reason_clean: { clean_z: 'limit' },
  reason_ceiling: { ceiling: 'z', reject_z: 'limit' },
  reason_between_thresholds: { z: 'z', clean_z: 'limit', reject_z: 'limit' },
  reason_low_power: { r_min: 'r', required: 'r' },
  reason_reference_lacks: { component: 'component' },
  reason_constant: {},
  reason_no_matching_features: {},
  reason_axis_ordered: {},
  reason_widths_differ: {},
  reason_widths_differ_low_power: {},
  reason_row_low_power: { against: 'component' },
  reason_controls_failed: { controls: 'controls' },
  reason_elements_not_finite: { count: 'count', tensors: 'names' },
  reason_unmeasurable: { tensors: 'names' },
  reason_reference_failed: FAILURE,
  reason_comparison_failed: FAILURE,
  reason_components_failed: COMPONENTS_ALONE,
  reason_comparable_share: { share: 'share' },
  reason_all_identical: {},
  reason_shared_initialisation: {},
  reason_shared_initialisation_aligned: { alignment: 'name' },
  reason_inherited_share: { share: 'share' },
  reason_all_reject: {},
  reason_some_components: COMPONENTS_ALONE,
  reason_common_origin: COMPONENTS_ALONE,
  reason_invalid_components: COMPONENTS_ALONE,
  reason_inconclusive_components: COMPONENTS_ALONE,
  reason_unmapped_share: { share: 'share' },
  reason_no_link: {},
  criterion_absent: {},
  criterion_component: { component: 'component', verdict: 'verdict', references: 'references' },
  criterion_uncompared: COMPONENTS_ALONE,
  criterion_comparable_with_none: {},
  criterion_clean: { components: 'components', verdict: 'verdict', references: 'count' },
  criterion_nothing_to_declare: {},
  criterion_lineage_declared: { references: 'references' },
  criterion_share_above: { share: 'share', reference: 'reference', limit: 'share' },
  criterion_share_open: { references: 'references', limit: 'share' },
  criterion_share_within: { share: 'share', limit: 'share' },
  criterion_no_licence: {},
  criterion_licence: { licence: 'name' },
  criterion_licence_not_allowed: { licence: 'name', allowed: 'names' },
  criterion_no_training_record: {},
  criterion_training_test: { test: 'test', why: 'gap' },
  criterion_training_not_run: { test: 'test' },
  criterion_training_passed: { count: 'count' },
  criterion_declared: { names: 'names' },
  criterion_not_declared: { names: 'names' },
  caveat_uncalibrated_width: { ...UNCALIBRATED, width: 'count' },
  caveat_uncalibrated: UNCALIBRATED,
} as const satisfies Readonly<Record<ResultMessage, Readonly<Record<string, FigureKind>>>>;

/** The figures of one sentence. */
export type ResultFigures<Message extends ResultMessage> = {
  readonly [
    Name in keyof (typeof RESULT_FIGURES)[Message]
  ]: (typeof RESULT_FIGURES)[Message][Name] extends FigureKind
    ? FigureKinds[(typeof RESULT_FIGURES)[Message][Name]]
    : never;
};

/** A sentence as a result holds it: key and figures, both unknown to tools older than the one that wrote them. */
export interface CodedSentence {
  readonly message: string;
  readonly figures: Readonly<Record<string, FigureKinds[FigureKind]>>;
}
