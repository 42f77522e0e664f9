import type { EvidenceRecord } from '@jokbo/contracts';
import { centreFeatures, midRanks, type CentredFactor } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { traceRecord } from './trace.js';

/** Each feature's values replaced by their ranks over the units, ties shared, centred. */
export function rankFeatures({ values, features, units }: CentredFactor): CentredFactor {
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += units) {
    ranks.set(midRanks(values.subarray(from, from + units)), from);
  }
  return centreFeatures({ values: ranks, features, units });
}

/**
 * The residual-axis trace test on ranks (Spearman 1904 for one vector, joint over tensors as Hoeffding 1951). Ranks of
 * permuted units are permuted ranks, so the null is as exact. A few outlying dimensions hold the energy of norm
 * weights and with it the plain trace; ranks are blind to them. Stands beside the primary and decides nothing.
 */
export function rankTraceEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  return traceRecord(comparison, {
    method: 'rank_trace',
    primary: false,
    permuted: 'ranks over residual dimensions',
    transform: rankFeatures,
  });
}
