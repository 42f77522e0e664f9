import type { EvidenceRecord } from '@jokbo/contracts';
import { balancedRank, log10PTwoSided, pairedScrambles, projectOutLeading } from '@jokbo/statistics';
import { SCRAMBLES, type Comparison } from './comparison.js';
import { evidenceRecord, permutationSeed } from './evidence-record.js';
import { IDENTITY_MAP } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { pairTensors } from './paired-tensors.js';
import { confirmedTail, traceOfPairs } from './trace.js';

/**
 * Trace test of embedding or head after the 16 leading left singular directions of each side are projected
 * out (n/8 of them below 128 units): their energy lies in few directions, which leaves the plain trace little
 * power. Any map f with f(P A) = P f(A) keeps the permutation null exact.
 */
export async function balancedTraceEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const { component, subject, reference } = comparison;
  const { pairs, skipped: unpaired } = pairTensors(subject, reference, component, IDENTITY_MAP);
  const { joint, skipped, parameters } = await traceOfPairs(pairs, comparison, unpaired, (factor) =>
    projectOutLeading(factor, balancedRank(factor.units)),
  );
  const units = joint === null ? 0 : Math.sqrt(joint.cc.length);
  const identity = {
    ...comparison,
    method: 'balanced_trace',
    tier: 1,
    primary: true,
    nullHypothesis:
      units === 0 ? 'residual dimensions' : `residual dimensions (${units}), leading directions removed`,
  } as const;
  if (joint === null) {
    return notMeasured(identity, comparison, 'no-matched-tensors', skipped);
  }
  const draw = { seed: permutationSeed('scramble', identity), permutations: SCRAMBLES };
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
    scrambles: [...pairedScrambles(joint.cc, units, draw)],
    details: { directions_removed: balancedRank(units), ...confirmedTail(joint, units, identity, joint.z) },
  });
}
