import type { Component, RuleThresholds } from '@jokbo/contracts';

/** |z_λ| of a rejection: no rule set may lower it. */
export const REJECT_Z = 8;
/** r̂ of an inherited block: no rule set may lower it. */
export const BLOCK_R = 0.2;

/** What a rule set decides by where it names nothing else. */
export const DEFAULT_THRESHOLDS: RuleThresholds = {
  reject_z: REJECT_Z,
  clean_z: 4,
  reject_log10_p: -3,
  effect_floor: 1e-3,
  block_r: BLOCK_R,
  // Induced dependence reaches .59, permuted copies .98.
  gram_alone_r: 0.7,
  identical_share: 0.99,
  comparable_share: 0.2,
  required_r: { large: 1e-3, medium: 1e-2, small: 0.1, router: 0.3, norms: 0.5, narrow_vision: 0.5 },
  // The step between is the geometric mean of its neighbours.
  required_gram_r: { large: 0.05, medium: 0.14, small: 0.4 },
};

// What the classes mean, and what was measured to tell a shared start from descent, is no choice of a round.

/** Share of a component's parameters above which it is derived, not partially derived. */
export const DERIVED_SHARE = 0.5;
/** Share of a model's parameters whose meaning must be known before nothing that was found in them is called clean. */
export const MAPPED_SHARE = 0.99;
/** Excess of equal values over the collision rate that decides together with its z. */
export const VALUE_EXCESS = 0.05;
/** Norm r̂ below this share of the others' says that norms do not follow. */
export const NORMS_FOLLOW_SHARE = 0.6;
/** Split of a shared start: bulk r̂ at least, and q below. */
export const SHARED_START_BULK_R = 0.1;
export const SHARED_START_Q = 0.5;
/** |z| that a self-scramble must stay below: 4 would fail one audit in six by chance. */
export const SCRAMBLE_Z = 6;

/** Parameters from which a component counts as large, and as medium. */
const LARGE = 1e9;
const MEDIUM = 1e7;

const WIDE_VISION = 128;

/** Largest r_min on the trace scale with which a component may be called clean. */
export function requiredR(
  { required_r: required }: RuleThresholds,
  component: Component,
  parameters: number,
  width: number | null,
): number {
  if (component === 'router') return required.router;
  if (component === 'norms') return required.norms;
  if (component === 'vision' && width !== null && width < WIDE_VISION) return required.narrow_vision;
  return parameters >= LARGE ? required.large : parameters >= MEDIUM ? required.medium : required.small;
}

/** The same on the √r_min scale of gram, H and V. */
export function requiredGramR({ required_gram_r: required }: RuleThresholds, parameters: number): number {
  return parameters >= LARGE ? required.large : parameters >= MEDIUM ? required.medium : required.small;
}
