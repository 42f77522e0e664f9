import type { Component } from '@jokbo/contracts';

/** |z_λ| at which a primary rejects. */
export const REJECT_Z = 8;
/** |z_λ| below which a primary is clean. */
export const CLEAN_Z = 4;
/** Largest Holm-adjusted p of a rejection, as log10. */
export const REJECT_LOG10_P = -3;
/** Effect floor: a significant correlation below it says nothing. */
export const EFFECT_FLOOR = 1e-3;
/** r̂ from which a block is inherited. */
export const BLOCK_R = 0.2;
/** r̂ of a Gram statistic that decides without the trace: induced dependence reaches .59, permuted copies .98. */
export const GRAM_ALONE_R = 0.7;
/** Share of a component's parameters above which it is derived, not partially derived. */
export const DERIVED_SHARE = 0.5;
/** Share of parameters that must be byte-identical. */
export const IDENTICAL_SHARE = 0.99;
/** Excess of equal values over the collision rate that decides together with its z. */
export const VALUE_EXCESS = 0.05;
/** Norm r̂ below this share of the others' says that norms do not follow. */
export const NORMS_FOLLOW_SHARE = 0.6;
/** Split of a shared start: bulk r̂ at least, and q below. */
export const SHARED_START_BULK_R = 0.1;
export const SHARED_START_Q = 0.5;
/** Comparable share of parameters below which a pair is not comparable. */
export const COMPARABLE_SHARE = 0.2;
/** |z| that a self-scramble must stay below: 4 would fail one audit in six by chance. */
export const SCRAMBLE_Z = 6;

const WIDE_VISION = 128;

/** Largest r_min on the trace scale with which a component may be called clean. */
export function requiredR(component: Component, parameters: number, width: number | null): number {
  if (component === 'router') return 0.3;
  if (component === 'norms') return 0.5;
  if (component === 'vision' && width !== null && width < WIDE_VISION) return 0.5;
  return parameters >= 1e9 ? 1e-3 : parameters >= 1e7 ? 1e-2 : 0.1;
}

/** The same on the √r_min scale of gram, H and V; the step between is their geometric mean. */
export function requiredGramR(parameters: number): number {
  return parameters >= 1e9 ? 0.05 : parameters >= 1e7 ? 0.14 : 0.4;
}
