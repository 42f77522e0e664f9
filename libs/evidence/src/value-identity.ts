import { DTYPE_BITS, type EvidenceRecord, type TensorBackend, type TensorView } from '@jokbo/contracts';
import { collisionMoments } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { IDENTITY_MAP } from './layer-map.js';
import { isSkipped, loadPairedFactor } from './paired-factor.js';
import { pairTensors } from './paired-tensors.js';

/**
 * Fraction of identical values (tier 0). K = #{i: a_i = b_i} against its permutation moments from the two
 * histograms: E K = S/n, Var K = [S − Σ p q (p + q)/n + S²/n²]/(n − 1), S = Σ p_v q_v. For 16-bit tensors of one
 * format; light fine-tuning leaves most values of deep layers as they were. Largest |Δ| beside it.
 */
export async function valueIdentityEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const { component, subject, reference, backend } = comparison;
  const { pairs, skipped } = pairTensors(subject, reference, component, IDENTITY_MAP);
  let equal = 0;
  let expected = 0;
  let variance = 0;
  let n = 0;
  let maxAbs = 0;
  let tensors = 0;
  let parameters = 0;
  for (const pair of pairs) {
    comparison.signal?.throwIfAborted();
    const factor = await loadPairedFactor(pair, subject, reference);
    if (isSkipped(factor)) continue;
    const sums = await backend.pairSums(factor.a, factor.b);
    maxAbs = Math.max(maxAbs, sums.maxAbsDifference);
    if (factor.a.dtype !== factor.b.dtype || DTYPE_BITS[factor.a.dtype] !== 16) continue;
    const [countsA, countsB] = await patternCounts(factor.a, factor.b, backend);
    const moments = collisionMoments(countsA, countsB, sums.n);
    if (!(moments.variance > 0)) continue;
    equal += sums.equal;
    expected += moments.expectation;
    variance += moments.variance;
    n += sums.n;
    tensors += 1;
    parameters += pair.subject.parameters;
  }
  const identity = {
    ...comparison,
    method: 'value_identity',
    tier: 0,
    primary: false,
    nullHypothesis: 'positions of the values, tensor by tensor',
  } as const;
  if (n === 0) {
    return evidenceRecord(identity, { status: 'not_applicable', reason: 'no-common-format', skipped });
  }
  return evidenceRecord(identity, {
    z: (equal - expected) / Math.sqrt(variance),
    tensors,
    features: n,
    parameters,
    details: {
      values_equal: equal,
      values: n,
      fraction_equal: equal / n,
      fraction_expected: expected / n,
      max_abs_difference: Number.isFinite(maxAbs) ? maxAbs : null,
    },
  });
}

/** Elements up to which patterns are numbered as they occur instead of counted in a table of 65,536. */
const LISTED_ELEMENTS = 65_536;

/** Counts of the values of two 16-bit tensors over one numbering of their patterns. */
async function patternCounts(
  a: TensorView,
  b: TensorView,
  backend: TensorBackend,
): Promise<readonly [Uint32Array, Uint32Array]> {
  const elements = a.bytes.length / 2;
  if (elements > LISTED_ELEMENTS) return [await backend.histogram16(a), await backend.histogram16(b)];
  const numbers = new Int32Array(65_536).fill(-1);
  let distinct = 0;
  const counted = [new Uint32Array(2 * elements), new Uint32Array(2 * elements)] as const;
  for (const [side, { bytes }] of [a, b].entries()) {
    const counts = counted[side === 0 ? 0 : 1];
    for (let at = 0; at < bytes.length; at += 2) {
      const pattern = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      let number = numbers[pattern] ?? -1;
      if (number < 0) {
        number = distinct;
        numbers[pattern] = number;
        distinct += 1;
      }
      counts[number] = (counts[number] ?? 0) + 1;
    }
  }
  return counted;
}
