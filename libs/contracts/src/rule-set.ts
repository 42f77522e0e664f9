import type { Component } from './component.js';
import type { TrainingTestName } from './training.js';
import type { VerdictClass, VerdictReason } from './verdict.js';

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

export type CriterionKind = 'technical' | 'policy' | 'ethical';

/** What every criterion has. */
interface CriterionBase {
  readonly id: string;
  readonly kind: CriterionKind;
  readonly title: { readonly ko: string; readonly en: string };
}

/** Fails where a component has this verdict, or a more severe one, against an ancestor that was not declared for it. */
export interface ComponentsCriterion extends CriterionBase {
  readonly test: 'components';
  /** Empty = all. */
  readonly components: readonly Component[];
  /** The mildest class that fails. */
  readonly fail_on: VerdictClass;
}

/** Fails where more than this share of the parameters is inherited from one reference, and not declared. */
export interface InheritedShareCriterion extends CriterionBase {
  readonly test: 'inherited_share';
  readonly max_share: number;
}

/** Fails where a component has a positive verdict against a reference that the team did not declare for it. */
export interface DeclaredLineageCriterion extends CriterionBase {
  readonly test: 'declared_lineage';
}

/** Fails where the licence of a release is not among these. */
export interface LicenceCriterion extends CriterionBase {
  readonly test: 'licence';
  readonly allowed: readonly string[];
}

/** Fails where one of these tests of the training record fails. */
export interface TrainingCriterion extends CriterionBase {
  readonly test: 'training';
  readonly tests: readonly TrainingTestName[];
}

/** Passes where the team made all of these declarations; never fails. */
export interface DeclarationsCriterion extends CriterionBase {
  readonly test: 'declarations';
  readonly names: readonly string[];
}

export type Criterion =
  | ComponentsCriterion
  | InheritedShareCriterion
  | DeclaredLineageCriterion
  | LicenceCriterion
  | TrainingCriterion
  | DeclarationsCriterion;

/** A rule set: what turns evidence into verdicts, and verdicts into the outcome of each criterion of a round. */
export interface RuleSet {
  readonly id: string;
  readonly version: number;
  readonly title: { readonly ko: string; readonly en: string };
  readonly thresholds: RuleThresholds;
  /** Disguise tests (tier 3) must have run before a component is clean. */
  readonly require_tier3: boolean;
  readonly criteria: readonly Criterion[];
}

export type CriterionOutcome = 'pass' | 'fail' | 'not_provided';

/** One criterion of a round for one release. */
export interface CriterionResult {
  readonly id: string;
  readonly kind: CriterionKind;
  readonly outcome: CriterionOutcome;
  /** Why: codes, and the evidence records, controls or training tests that decide. */
  readonly reasons: readonly VerdictReason[];
}

/** The criteria of a rule set for one release, in the order of the rule set; they are never merged. */
export interface RuleEvaluation {
  readonly subject: string;
  readonly criteria: readonly CriterionResult[];
}
