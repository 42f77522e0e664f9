/** The figures of a rule set that turn statistics into verdict classes; bounds in `rules.schema.json`. */
export interface RuleThresholds {
  /** |z_λ| at which a primary rejects. */
  readonly reject_z: number;
  /** |z_λ| below which a primary is clean. */
  readonly clean_z: number;
  /** Largest Holm-adjusted p of a rejection, as log10. */
  readonly reject_log10_p: number;
  /** Effect floor: a significant correlation below it says nothing. */
  readonly effect_floor: number;
  /** r̂ from which a block is inherited. */
  readonly block_r: number;
  /** r̂ of a Gram statistic that decides without the trace. */
  readonly gram_alone_r: number;
  /** Share of a component's parameters that must be byte-identical. */
  readonly identical_share: number;
  /** Comparable share of parameters below which a pair is not comparable. */
  readonly comparable_share: number;
  /** Largest r_min on the trace scale with which a component may be called clean. */
  readonly required_r: RequiredR;
  /** The same on the √r_min scale of gram, H and V. */
  readonly required_gram_r: RequiredBySize;
}

/** By the parameters of a component: from 10⁹, from 10⁷, and below. */
export interface RequiredBySize {
  readonly large: number;
  readonly medium: number;
  readonly small: number;
}

export interface RequiredR extends RequiredBySize {
  readonly router: number;
  readonly norms: number;
  /** Vision towers narrower than 128. */
  readonly narrow_vision: number;
}
