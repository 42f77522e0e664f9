import {
  COMPONENTS,
  resultSentence,
  type Component,
  type ComponentVerdict,
  type FailureCause,
  type PairVerdict,
  type ResultMessage,
  type VerdictReason,
} from '@jokbo/contracts';
import type { MeasuredModel } from './measurements.js';

/** Why a pair was not measured: its reference could not be read, or the comparison itself failed. */
export type FailedPairCode = 'reference-failed' | 'comparison-failed';

const SENTENCES = {
  'reference-failed': 'reason_reference_failed',
  'comparison-failed': 'reason_comparison_failed',
} as const satisfies Record<FailedPairCode, ResultMessage>;

/** One pair that was due and could not be measured. */
export interface FailedPair {
  readonly subject: MeasuredModel;
  readonly reference: string;
  readonly code: FailedPairCode;
  readonly cause: Pick<FailureCause, 'code' | 'message'>;
}

/** The verdict of a pair that could not be measured: nothing of it is comparable, and nothing of it is clean. */
export function failedPairVerdict({ subject, reference, code, cause }: FailedPair): PairVerdict {
  const reasons = failureReasons(code, cause);
  const components = COMPONENTS.filter((component) => subject.components[component] !== undefined).map(
    (component) => failedComponent(subject, component, reasons),
  );
  return {
    subject: subject.id,
    reference,
    verdict: 'not_comparable',
    declared: false,
    comparable_share: 0,
    linked_share: null,
    components,
    controls: [],
    reasons,
  };
}

/** The verdict of a component that failed of a pair of which others were measured. */
export function failedComponentVerdict(
  subject: MeasuredModel,
  component: Component,
  cause: FailedPair['cause'],
): ComponentVerdict {
  return failedComponent(subject, component, failureReasons('comparison-failed', cause));
}

/** Why a pair is not clean of which components failed. */
export function componentsFailed(components: readonly Component[]): VerdictReason {
  return {
    code: 'comparison-failed',
    records: [],
    ...resultSentence('reason_components_failed', { components }),
  };
}

function failureReasons(code: FailedPairCode, cause: FailedPair['cause']): VerdictReason[] {
  const figures = { error: cause.code, message: cause.message };
  return [{ code, records: [], ...resultSentence(SENTENCES[code], figures) }];
}

function failedComponent(
  subject: MeasuredModel,
  component: Component,
  reasons: readonly VerdictReason[],
): ComponentVerdict {
  return {
    component,
    verdict: 'not_comparable',
    type: null,
    statistic: null,
    z: null,
    z_calibrated: null,
    log10_p: null,
    log10_p_adjusted: null,
    r: null,
    r_interval: null,
    r_min: null,
    r_required: null,
    n_eff: null,
    tensors: 0,
    parameters: subject.components[component]?.parameters ?? 0,
    parameters_linked: 0,
    bytes_identical: 0,
    reasons,
  };
}

/** Whether a pair, or a component of one, was due and could not be measured. */
export function hasFailed({ reasons }: { readonly reasons: readonly VerdictReason[] }): boolean {
  return reasons.some(({ code }) => Object.hasOwn(SENTENCES, code));
}
