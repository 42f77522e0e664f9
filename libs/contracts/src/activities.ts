import type { Component } from './component.js';
import type { FailedPart } from './failures.js';
import type { NumericClass } from './tensor-backend.js';

/** What an audit is asked to do. References only: programme and results lie in storage. */
export interface AuditRequest {
  /** URI of the programme file. */
  readonly programme: string;
  /** What alone is to compute; absent: whatever a fleet has. */
  readonly backend?: 'wasm';
}

/** One model of the plan. */
export interface PlannedModel {
  readonly id: string;
  readonly uri: string;
}

/**
 * What a comparison is for: an audited pair; its controls; pairs that calibrate; `disguise`: tier 3 of an audited pair or
 * of a pair that serves as its control; `self`: tests of one model without a reference.
 */
export type ComparisonKind =
  'audit' | 'negative' | 'derivative' | 'calibration' | 'int8' | 'identity' | 'disguise' | 'self';

/** One comparison of the plan: an audited pair, or one that serves as control or calibration. */
export interface PlannedComparison {
  readonly kind: ComparisonKind;
  readonly subject: string;
  readonly reference: string;
  readonly mode: 'sampled' | 'full';
  /** The one component that is measured: a share of a comparison over all elements. Absent = all of them. */
  readonly component?: Component;
  /** The one group of its tensors whose sums are made and kept, for the share of the component. Absent = all. */
  readonly group?: number;
  /** The class in which it is to be measured. Absent = that of whoever measures it. */
  readonly numericClass?: NumericClass;
}

/** What is to be done, and where the full plan is kept. */
export interface AuditPlan {
  /** Key of the plan in content-addressed storage. */
  readonly id: string;
  readonly models: readonly PlannedModel[];
  readonly comparisons: readonly PlannedComparison[];
  /** Subjects whose training records are tested; absent where none has some. */
  readonly training?: readonly string[];
}

/** Consecutive parts of a model that are read by one activity. */
export interface ShardGroup {
  readonly model: string;
  readonly uri: string;
  /** Tells the version of the checkpoint, and the budget, that were planned. */
  readonly version: string;
  /** First part, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Where the fingerprint of a model is kept. */
export interface FingerprintReference {
  readonly model: string;
  readonly fingerprint: string;
}

/** Where the evidence of a comparison is kept, and whether its sample leaves a question open. */
export interface EvidenceReference {
  readonly comparison: PlannedComparison;
  readonly evidence: string;
  /** A sampled primary lies between 4 and 8, and all elements can be had. */
  readonly needsFull: boolean;
  /** A component of an audited pair is not linked as it stands: tier 3 may find it in disguise. */
  readonly needsDisguise: boolean;
  /** In which it was measured. Absent = f64. */
  readonly numericClass?: Exclude<NumericClass, 'f64'>;
}

/** Where the outcome of the tests on one subject's training records is kept. */
export interface TrainingReference {
  readonly subject: string;
  readonly training: string;
}

export interface ResultReference {
  /** Key of the result document in content-addressed storage. */
  readonly result: string;
}

/**
 * The stages of an audit. Arguments and results are small references; a repeated call with the same arguments
 * changes nothing.
 */
export interface Activities {
  plan(request: AuditRequest): Promise<AuditPlan>;
  /** How a model is read by several activities; none where one does, or where nothing of it is left to read. */
  shards(plan: string, model: PlannedModel): Promise<readonly ShardGroup[]>;
  /** Reads one group; what came of it is kept for `fingerprint`. */
  readShards(plan: string, group: ShardGroup): Promise<void>;
  /** The fingerprint of a model, of what was kept of its groups; reads what was not. */
  fingerprint(plan: string, model: PlannedModel): Promise<FingerprintReference>;
  compare(
    plan: string,
    comparison: PlannedComparison,
    fingerprints: readonly FingerprintReference[],
  ): Promise<EvidenceReference>;
  /**
   * The shares of a comparison over all elements, each of which reads and measures one component. Shares of groups of
   * tensors stand before that of their component, which waits for them and is measured of what they kept.
   */
  split(
    plan: string,
    comparison: PlannedComparison,
    fingerprints: readonly FingerprintReference[],
  ): Promise<readonly PlannedComparison[]>;
  /** Joins the shares of the components of a comparison, in the order of `split`, to the evidence that it would have given at once. */
  join(
    comparison: PlannedComparison,
    shares: readonly EvidenceReference[],
    fingerprints: readonly FingerprintReference[],
  ): Promise<EvidenceReference>;
  /** Tests the training records of one subject, against all references of the plan. */
  trajectory(
    plan: string,
    subject: string,
    fingerprints: readonly FingerprintReference[],
  ): Promise<TrainingReference>;
  decide(
    plan: string,
    fingerprints: readonly FingerprintReference[],
    evidence: readonly EvidenceReference[],
    training?: readonly TrainingReference[],
    /** What failed for good; absent where nothing did. */
    failures?: readonly FailedPart[],
  ): Promise<ResultReference>;
  publish(result: ResultReference): Promise<void>;
}
