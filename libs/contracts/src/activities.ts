import type { Component } from './component.js';
import type { FailedPart } from './failures.js';
import type { NumericClass } from './tensor-backend.js';

/** What an audit is asked to do. References only: programme and results lie in storage. */
export interface AuditRequest {
  /** URI of the programme file. */
  readonly programme: string;
  /** What alone is to compute; absent: whatever a fleet has. */
  readonly backend?: 'wasm' | 'tensorflow';
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
  /**
   * The class in which it is to be measured; whoever cannot throws ClassUnavailable. Absent = that of whoever measures it.
   */
  readonly numericClass?: NumericClass;
}

/** What is to be done, and where the full plan is kept. */
export interface AuditPlan {
  /** Key of the plan in content-addressed storage. */
  readonly id: string;
  readonly models: readonly PlannedModel[];
  /** Subjects whose training records are tested; absent where none has some. */
  readonly training?: readonly string[];
}

/**
 * What is compared one after the other: every pair and control that is sampled; what is measured over all elements, planned
 * so or since its sample leaves a question open; disguises where tier 1 leaves room for one.
 */
export const COMPARISON_STEPS = ['sampled', 'full', 'disguise'] as const;

export type ComparisonStep = (typeof COMPARISON_STEPS)[number];

/** Most comparisons of one batch. */
export interface BatchLimits {
  readonly sampled: number;
  /** Of those over all elements, each of which has a share per component. */
  readonly full: number;
}

/** Comparisons that are due, cut into batches: references only, however many they are. */
export interface DueComparisons {
  /** Key of the list of batches in content-addressed storage. */
  readonly key: string;
  readonly batches: number;
  readonly comparisons: number;
  /** Audited pairs of the plan whose models could be read. */
  readonly pairs: number;
}

/** One batch of comparisons that are due. */
export interface ComparisonBatch {
  readonly key: string;
  /** Its place in the list, from 0. */
  readonly index: number;
}

/** Where what a batch came to is kept. */
export interface ComparedBatch {
  /** Keys of the pages of its evidence references, in order. */
  readonly evidence: readonly string[];
  /** Keys of the pages of what failed for good, in order. */
  readonly failures: readonly string[];
}

/** What a batch came to. */
export interface MadeBatch extends ComparedBatch {
  /** Audited pairs that were measured. */
  readonly pairs: number;
  /** Comparisons that failed for good. */
  readonly failed: number;
  /** The first of them: what failed, and the error. */
  readonly errors: readonly { readonly name: string; readonly error: unknown }[];
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
  /** Components of a comparison over all elements that failed for good: it has the others. Absent = none. */
  readonly missing?: readonly Component[];
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
  /**
   * What is to be compared next.
   *
   * @param compared what the steps before came to.
   * @param unread models that could not be read.
   */
  due(
    plan: string,
    step: ComparisonStep,
    compared: readonly ComparedBatch[],
    limits: BatchLimits,
    unread: readonly string[],
  ): Promise<DueComparisons>;
  /** Makes the comparisons of one batch, in calls of `BatchActivities`. */
  compareBatch(
    plan: string,
    batch: ComparisonBatch,
    fingerprints: readonly FingerprintReference[],
  ): Promise<MadeBatch>;
  /** Tests the training records of one subject, against all references of the plan. */
  trajectory(
    plan: string,
    subject: string,
    fingerprints: readonly FingerprintReference[],
  ): Promise<TrainingReference>;
  decide(
    plan: string,
    fingerprints: readonly FingerprintReference[],
    compared: readonly ComparedBatch[],
    training?: readonly TrainingReference[],
    /** Models and training records that failed for good; absent where none did. */
    failures?: readonly FailedPart[],
  ): Promise<ResultReference>;
  publish(result: ResultReference): Promise<void>;
}

/** What a batch of comparisons is made of. */
export interface BatchActivities {
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
}
