/**
 * Sentences of a result in English, by key: why a verdict or the outcome of a criterion is what it is, and what limits an
 * audit. `{name}` stands for a figure of {@link RESULT_FIGURES}; reports hold the same keys in their other languages.
 */
export const RESULT_MESSAGES = {
  reason_bytes_identical: '{share} of the parameters are the same bytes',
  reason_blocks_inherited: 'blocks with r ≥ {block_r} or equal bytes hold {share} of the parameters',
  reason_some_blocks_inherited: 'blocks with r ≥ {block_r} or equal bytes hold {share} of the parameters',
  reason_gram_inherited: '{method} r {r}: the same weights in another order',
  reason_gram_and_trace: 'trace and Gram agree, blocks cannot be matched',
  reason_values_identical: '{share} more equal values than chance',
  reason_dependent: 'dependent, but no block is inherited',
  reason_shared_start: 'bulk r {bulk_r}, q {q}, norms do not follow: a start in common, trained apart',
  reason_induced: 'dependent through {components}, which is inherited; none of its own blocks is',
  reason_held_against: 'the reference has no {component}: held against its {against}',
  reason_aligned_inherited:
    '{method} under {alignment}: z {z} beside {controls} controls, blocks with r ≥ {block_r} hold {share} of the parameters',
  reason_families_agree: '{methods} stand above their controls, no primary rejects',
  reason_no_alignment_of_it:
    'no alignment lifts it above the controls (largest z {z}, {method} beside {controls} controls)',
  reason_no_alignment_at_all:
    'no component follows an alignment (largest z {z}, {method} beside {controls} controls)',
  reason_alignment_elsewhere: 'other components follow an alignment, this one cannot be tested under it',
  reason_tier3_few_controls: 'disguise tests have too few control pairs of these widths',
  reason_tier3_not_measured: 'disguise tests were not run',
  reason_tier3_other_tower: 'no disguise test applies to this tower',
  reason_tier3_no_test: 'no disguise test applies',
  reason_tier3_component_not_needed:
    'everything is linked in the order in which it stands: disguise tests were not needed',
  reason_tier3_pair_not_needed:
    'tier 3: not needed, every component that was measured is linked in the order in which it stands',
  reason_clean: 'every primary below |z| {clean_z}',
  reason_ceiling: 'the shapes do not allow a decision: |z| reaches {ceiling} at most, {reject_z} is needed',
  reason_between_thresholds: '|z| up to {z}, between {clean_z} and {reject_z}, or effect below the floor',
  reason_low_power: 'power too low: the smallest r that shows is {r_min}, {required} is asked for',
  reason_reference_lacks: 'the reference has no {component}',
  reason_constant: 'every tensor of one side is constant',
  reason_no_matching_features: 'no tensors with matching features',
  reason_axis_ordered:
    'sines and cosines are added to the residual stream of both, so that its dimensions have an order and no null',
  reason_widths_differ: 'the residual widths differ',
  reason_widths_differ_low_power: 'the residual widths differ, and what is left has too little power',
  reason_row_low_power:
    'held against {against}, it is covered too little, or with too little power, to be called free of a link',
  reason_controls_failed: '{controls} gave what they must not',
  reason_elements_not_finite: 'NaN or infinite elements in tensors ({count}), e.g. {tensors}',
  reason_unmeasurable: 'no statistic is defined for {tensors}',
  reason_reference_failed: 'the reference could not be read: {error}: {message}',
  reason_comparison_failed: 'the comparison failed: {error}: {message}',
  reason_components_failed: 'the comparison of {components} failed',
  reason_comparable_share: '{share} of the parameters are comparable',
  reason_all_identical: 'every comparable component is identical',
  reason_shared_initialisation: 'everything but the norms is dependent, and the norms do not follow',
  reason_shared_initialisation_aligned:
    'everything but the norms is dependent under {alignment}, and the norms do not follow',
  reason_inherited_share: 'inherited components hold {share} of what is comparable',
  reason_all_reject: 'every comparable component but the norms rejects by trace',
  reason_some_components: 'measured in {components}',
  reason_common_origin: 'dependent: {components}',
  reason_invalid_components: 'invalid: {components}',
  reason_inconclusive_components: 'inconclusive: {components}',
  reason_unmapped_share:
    'no link found in what was compared, but the meaning of only {share} of the parameters is known',
  reason_no_link: 'no link found in any comparable component',
  criterion_absent: 'the release has no such component',
  criterion_component: '{component}: {verdict} against {references}',
  criterion_uncompared: '{components}: comparable with no reference',
  criterion_comparable_with_none: 'comparable with no reference',
  criterion_clean:
    '{components}: nothing from {verdict} on against {references} references that were not declared',
  criterion_nothing_to_declare: 'no reference shares weights',
  criterion_lineage_declared: 'declared: {references}',
  criterion_share_above: '{share} inherited from {reference}, {limit} allowed',
  criterion_share_open: 'what is undecided against {references} could hold more than {limit}',
  criterion_share_within: 'at most {share} inherited from one reference, {limit} allowed',
  criterion_no_licence: 'the team stated no licence',
  criterion_licence: '{licence}',
  criterion_licence_not_allowed: '{licence}; allowed: {allowed}',
  criterion_no_training_record: 'the team gave no training records',
  criterion_training_test: '{test}: {why}',
  criterion_training_not_run: '{test}: not run',
  criterion_training_passed: '{count} tests of the training record pass',
  criterion_declared: 'declared: {names}',
  criterion_not_declared: 'not declared: {names}',
  caveat_uncalibrated_width:
    'Fewer than {pairs} independent reference pairs of width {width}: lambda {lambda} is assumed, not measured, for {statistics}.',
  caveat_uncalibrated:
    'Fewer than {pairs} independent reference pairs of components without a width: lambda {lambda} is assumed, not measured, for {statistics}.',
} as const;

export type ResultMessage = keyof typeof RESULT_MESSAGES;
