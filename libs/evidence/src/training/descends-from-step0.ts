import type { TrainingTest } from '@jokbo/contracts';
import type { JointScore } from './joint-score.js';
import { context, createFindings, judged, largest, limited, notProvided, smallest } from './training-test.js';

/** A seed search over 2⁶⁴ starts reaches z = √(2 ln 2⁶⁴) = 9.4; twice that leaves room. */
const MIN_Z = 20;

/** Share of step 0 that is left over the share that decay leaves, smallest and largest: gradients add to it. */
const MIN_SHARE_RATIO = 0.5;
const MAX_SHARE_RATIO = 2;

/** Expected z below which too little of step 0 can be left to ask for {@link MIN_Z}. */
const DECIDABLE_Z = 2 * MIN_Z;

/** One later checkpoint against step 0. */
export interface StartMeasurement {
  readonly step: number;
  readonly joint: JointScore | null;
  /** Σ θ0 θt / Σ θ0² over the sampled features of the matrices. */
  readonly share: number | null;
  /** ‖θ0‖/‖θt‖ over the same. */
  readonly normRatio: number | null;
  /** exp(−Σ lr·wd): what decoupled decay leaves; null where it is not declared. */
  readonly expectedShare: number | null;
}

/**
 * Descent of every checkpoint from step 0: residual-axis trace joint over all tensors, z(θ0, θt) >= 20, and the share
 * of step 0 that is left against exp(−Σ lr·wd). A checkpoint in which decay has left too little of step 0 to be seen is
 * named and not counted. A stolen model with a little of θ0 mixed in passes the trace and fails the share.
 */
export function descendsFromStep0(measured: readonly StartMeasurement[], hasStep0: boolean): TrainingTest {
  const test = 'descends_from_step0';
  if (!hasStep0) return notProvided(test, 'step-0-absent');
  const z = smallest();
  const lowRatio = smallest();
  const highRatio = largest();
  const findings = createFindings();
  let incomparable = 0;
  let finalDecayed = false;
  for (const { step, joint, share, normRatio, expectedShare } of measured) {
    const at = `step ${step}`;
    finalDecayed = false;
    if (joint === null) {
      incomparable += 1;
      findings.add('not-comparable-with-step-0', at, null);
      continue;
    }
    if (expectedShare !== null && normRatio !== null) {
      const expected = expectedShare * normRatio * Math.sqrt(joint.nEff);
      if (expected < DECIDABLE_Z) {
        findings.add('step-0-decayed', at, expected);
        finalDecayed = true;
        continue;
      }
    }
    z.add(joint.z, at);
    if (share === null || expectedShare === null) continue;
    lowRatio.add(share / expectedShare, at);
    highRatio.add(share / expectedShare, at);
  }
  const last = measured.at(-1);
  const outcome = judged(
    test,
    [
      limited('checkpoints_incomparable', measured.length === 0 ? null : incomparable, 'at_most', 0),
      limited('smallest_z', z.value, 'at_least', MIN_Z, z.at),
      limited('smallest_share_ratio', lowRatio.value, 'at_least', MIN_SHARE_RATIO, lowRatio.at),
      limited('largest_share_ratio', highRatio.value, 'at_most', MAX_SHARE_RATIO, highRatio.at),
      context('final_z', last?.joint?.z ?? null),
      context('final_r', last?.joint?.r ?? null),
      context('final_share', last?.share ?? null),
      context('final_share_expected', last?.expectedShare ?? null),
    ],
    findings,
    measured.length === 0 ? 'no-later-checkpoint' : 'nothing-comparable',
  );
  return outcome.outcome === 'pass' && (finalDecayed || z.value === null)
    ? notProvided(test, 'step-0-decayed', outcome.figures, findings)
    : outcome;
}
