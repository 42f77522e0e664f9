import type { ComparisonKind, PlannedComparison } from './activities.js';
import type { Component } from './component.js';

/** Why a part of an audit failed for good, as data. */
export interface FailureCause {
  /** Name of the error: `MalformedCheckpoint`, `ObjectChanged`, … */
  readonly code: string;
  /** Which rule of its format the object breaks; null where the error names none. */
  readonly rule: string | null;
  /** URI of the object; null where the error is about none. */
  readonly object: string | null;
  /** Tensor as stored; null where the error is about none. */
  readonly tensor: string | null;
  readonly message: string;
}

/** A model, a comparison or the training records of a release that failed for good while the audit went on with the others. */
export type FailedPart =
  | { readonly part: 'model'; readonly model: string; readonly cause: FailureCause }
  | { readonly part: 'comparison'; readonly comparison: PlannedComparison; readonly cause: FailureCause }
  | { readonly part: 'training'; readonly subject: string; readonly cause: FailureCause };

/** A release or reference that could not be read. */
export interface FailedModel extends FailureCause {
  readonly id: string;
  readonly name: string;
  readonly role: 'subject' | 'reference';
  readonly team: string | null;
}

/** A comparison of two models that were read, which failed itself: whole, or one component of it. */
export interface FailedComparison extends FailureCause {
  readonly kind: ComparisonKind;
  readonly subject: string;
  readonly reference: string;
  readonly mode: 'sampled' | 'full';
  /** The one component of an audited pair that failed; the others were measured. Absent = all of it failed. */
  readonly component?: Component;
}

/** Training records of a release that could not be tested. */
export interface FailedTraining extends FailureCause {
  readonly subject: string;
}

/** What an audit could not do, in the order of its programme and plan. */
export interface AuditFailures {
  readonly models: readonly FailedModel[];
  readonly comparisons: readonly FailedComparison[];
  /** Absent where none failed. */
  readonly training?: readonly FailedTraining[];
}
