import type { EvidenceRecord } from '@jokbo/contracts';
import { innerProduct, splitRank, squaredNorm } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { centredFactors, isSkipped, loadPairedFactor } from './paired-factor.js';
import type { TensorPair } from './paired-tensors.js';
import { splitFactor } from './split-factor.js';

/** Tensors that the split averages over; more add nothing and cost an eigenproblem each. */
const MAX_TENSORS = 64;

/**
 * Learned part against random start: each centred factor is split, on each side by itself, into its leading left
 * singular directions, k = min(16, min(n, m)/8), and the rest; q = r̂ of the leading parts ÷ r̂ of the rests,
 * averaged over tensors. A shared start with separate training leaves the rests alike and the leading parts
 * apart (q .15–.34); descent keeps both (q ≥ .72). Context for a component that already rejects.
 */
export async function startSplitEvidence(
  comparison: Comparison,
  pairs: readonly TensorPair[],
): Promise<EvidenceRecord> {
  const leading: number[] = [];
  const rest: number[] = [];
  for (const pair of spread(pairs, MAX_TENSORS)) {
    comparison.signal?.throwIfAborted();
    const factor = await loadPairedFactor(pair, comparison.subject, comparison.reference);
    if (isSkipped(factor)) continue;
    const rank = splitRank(factor.units, factor.features);
    if (rank < 1) continue;
    const [left, right] = await centredFactors(factor, comparison.subject, comparison.reference);
    const a = await splitFactor(left, rank, comparison.backend);
    const b = await splitFactor(right, rank, comparison.backend);
    const rLeading = correlation(a.leading.values, b.leading.values);
    const rRest = correlation(a.rest.values, b.rest.values);
    if (rLeading === null || rRest === null) continue;
    leading.push(rLeading);
    rest.push(rRest);
  }
  const identity = {
    ...comparison,
    method: 'start_split',
    tier: 2,
    primary: false,
    nullHypothesis: 'none: read only where the component rejects',
  } as const;
  if (rest.length === 0) {
    return evidenceRecord(identity, { status: 'not_applicable', reason: 'no-remainder' });
  }
  const [meanLeading, meanRest] = [mean(leading), mean(rest)];
  return evidenceRecord(identity, {
    tensors: rest.length,
    details: {
      r_leading: meanLeading,
      r_bulk: meanRest,
      q: meanRest > 0 ? meanLeading / meanRest : null,
    },
  });
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.floor((index * items.length) / count)],
  ).flatMap((item) => (item === undefined ? [] : [item]));
}

function correlation(a: Float64Array, b: Float64Array): number | null {
  const squares = squaredNorm(a) * squaredNorm(b);
  return squares > 0 ? innerProduct(a, b) / Math.sqrt(squares) : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
