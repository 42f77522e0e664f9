import { COMPONENTS, type ComponentVerdict, type PairVerdict, type VerdictReason } from '@jokbo/contracts';
import type { MeasuredModel } from './measurements.js';

/** Why a pair was not measured: its reference could not be read, or the comparison itself failed. */
export type FailedPairCode = 'reference-failed' | 'comparison-failed';

const CODES: ReadonlySet<string> = new Set<FailedPairCode>(['reference-failed', 'comparison-failed']);

/** One pair that was due and could not be measured. */
export interface FailedPair {
  readonly subject: MeasuredModel;
  readonly reference: string;
  readonly code: FailedPairCode;
  /** Which error it was, in words. */
  readonly text: string;
}

/** The verdict of a pair that could not be measured: nothing of it is comparable, and nothing of it is clean. */
export function failedPairVerdict({ subject, reference, code, text }: FailedPair): PairVerdict {
  const reasons: VerdictReason[] = [{ code, records: [], text }];
  const components = COMPONENTS.flatMap((component): ComponentVerdict[] => {
    const measured = subject.components[component];
    if (measured === undefined) return [];
    return [
      {
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
        parameters: measured.parameters,
        parameters_linked: 0,
        bytes_identical: 0,
        reasons,
      },
    ];
  });
  return {
    subject: subject.id,
    reference,
    verdict: 'not_comparable',
    declared: false,
    comparable_share: 0,
    linked_share: 0,
    components,
    controls: [],
    reasons,
  };
}

/** Whether a pair, or a component of one, was due and could not be measured. */
export function hasFailed({ reasons }: { readonly reasons: readonly VerdictReason[] }): boolean {
  return reasons.some(({ code }) => CODES.has(code));
}
