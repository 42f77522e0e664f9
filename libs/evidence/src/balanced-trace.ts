import type { EvidenceRecord } from '@jokbo/contracts';
import { balancedRank, log10PTwoSided } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { IDENTITY_MAP } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { pairTensors } from './paired-tensors.js';
import { leadingOf, restOf } from './split-factor.js';
import { tracesOfPairings } from './trace-of-pairs.js';
import { confirmedTail, scramblesOf } from './trace.js';

/**
 * Trace test of embedding or head after the 16 leading left singular directions of each side are projected
 * out (n/8 of them below 128 units): their energy lies in few directions, which leaves the plain trace little
 * power. Any map f with f(P A) = P f(A) keeps the permutation null exact.
 */
export async function balancedTraceEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const { component, subject, reference } = comparison;
  const { pairs, skipped: unpaired } = pairTensors(subject, reference, component, IDENTITY_MAP);
  const [trace] = await tracesOfPairings(
    [{ pairs, skipped: unpaired }],
    comparison,
    async (factor, { model, name, featureGram }) => {
      const rank = balancedRank(factor.units);
      // Each of them costs an eigenproblem, and a model meets the same features in pair after pair.
      const directions = await model.memo.get(`leading|${name}`, 8 * rank * factor.units, async () =>
        leadingOf(factor, rank, comparison.backend, {
          precision: 'settled',
          featureGram: await featureGram(),
        }),
      );
      return restOf(factor, directions, comparison.backend);
    },
  );
  const { joint = null, units = 0, skipped = [], parameters = 0 } = trace ?? {};
  const identity = {
    ...comparison,
    method: 'balanced_trace',
    tier: 1,
    primary: true,
    nullHypothesis:
      units === 0 ? 'residual dimensions' : `residual dimensions (${units}), leading directions removed`,
  } as const;
  if (joint === null || trace === undefined) {
    return notMeasured(identity, comparison, 'no-matched-tensors', skipped);
  }
  return evidenceRecord(identity, {
    z: joint.z,
    log10_p: log10PTwoSided(joint.z),
    r: joint.r,
    r_interval: joint.rInterval,
    r_min: joint.rMin,
    n_eff: joint.nEff,
    units,
    ceiling: joint.ceiling,
    tensors: joint.tensors,
    features: joint.features,
    parameters,
    skipped,
    scrambles: await scramblesOf(trace, identity),
    details: {
      directions_removed: balancedRank(units),
      ...(await confirmedTail(trace, identity, joint.z)),
    },
  });
}
