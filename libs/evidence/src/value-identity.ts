import {
  DTYPE_BITS,
  type EvidenceRecord,
  type SkippedTensor,
  type TensorBackend,
  type TensorView,
} from '@jokbo/contracts';
import { collisionMoments, type CollisionMoments } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { featureCollisions } from './feature-collisions.js';
import { eachInGroups } from './in-groups.js';
import { IDENTITY_MAP } from './layer-map.js';
import { isSkipped, loadPairedFactor, type PairedFactor } from './paired-factor.js';
import { pairTensors, type TensorPair } from './paired-tensors.js';

/** Excess of equal values from which a tensor's chance is also taken feature by feature: below it, nothing decides. */
const NOTABLE_EXCESS = 0.05;

/**
 * Fraction of identical values (tier 0). K = #{i: a_i = b_i} against its permutation moments from the two
 * histograms: E K = S/n, Var K = [S − Σ p q (p + q)/n + S²/n²]/(n − 1), S = Σ p_v q_v. For 16-bit tensors of one
 * format; light fine-tuning leaves most values of deep layers as they were. Features that are constant on either
 * side (rows of unused tokens, all zero) say nothing and are left out. Largest |Δ| beside it.
 *
 * Coarse values of models that learned the same data agree beyond that: rows of rare tokens are small, hence mostly
 * zero, in both. Where a tensor has 5 % more equal values than chance, its moments are also taken within each feature,
 * over its units alone, and their sums stand in the details (`…_by_feature`): the exact null of positions within rows.
 */
export async function valueIdentityEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const { component, subject, reference } = comparison;
  const { pairs, skipped: unpaired } = pairTensors(subject, reference, component, IDENTITY_MAP);
  const skipped = [...unpaired];
  let equal = 0;
  let expected = 0;
  let variance = 0;
  const byFeature = { expectation: 0, variance: 0, asked: false };
  let n = 0;
  let maxAbs = 0;
  let tensors = 0;
  let parameters = 0;
  for (const { result: found } of await valuesOfPairs(comparison, pairs)) {
    if ('reason' in found) {
      skipped.push(found);
      continue;
    }
    maxAbs = Math.max(maxAbs, found.maxAbs);
    if (found.counted === null) continue;
    equal += found.counted.equal;
    expected += found.counted.expectation;
    variance += found.counted.variance;
    byFeature.expectation += (found.counted.byFeature ?? found.counted).expectation;
    byFeature.variance += (found.counted.byFeature ?? found.counted).variance;
    byFeature.asked ||= found.counted.byFeature !== null;
    n += found.counted.n;
    tensors += 1;
    parameters += found.counted.parameters;
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
    skipped,
    details: {
      values_equal: equal,
      values: n,
      fraction_equal: equal / n,
      fraction_expected: expected / n,
      max_abs_difference: Number.isFinite(maxAbs) ? maxAbs : null,
      ...(byFeature.asked
        ? {
            fraction_expected_by_feature: byFeature.expectation / n,
            z_by_feature:
              byFeature.variance > 0 ? (equal - byFeature.expectation) / Math.sqrt(byFeature.variance) : null,
          }
        : {}),
    },
  });
}

/** Compares and keeps the values of the group of tensors that `comparison` looks at. */
export async function keepValueIdentityGroup(comparison: Comparison): Promise<void> {
  const { component, subject, reference } = comparison;
  await valuesOfPairs(comparison, pairTensors(subject, reference, component, IDENTITY_MAP).pairs);
}

function valuesOfPairs(comparison: Comparison, pairs: readonly TensorPair[]) {
  return eachInGroups(
    comparison,
    ['value_identity'],
    pairs,
    (pair) => pair.subject.key,
    (pair) => compareValues(pair, comparison),
  );
}

interface ComparedValues {
  readonly maxAbs: number;
  /** Null where the formats differ, or nothing varies. */
  readonly counted: {
    readonly equal: number;
    readonly expectation: number;
    readonly variance: number;
    readonly n: number;
    readonly parameters: number;
    /** Moments within features; null where the tensor has no more equal values than chance gives. */
    readonly byFeature: CollisionMoments | null;
  } | null;
}

async function compareValues(
  pair: TensorPair,
  { subject, reference, backend, signal }: Comparison,
): Promise<ComparedValues | SkippedTensor> {
  signal?.throwIfAborted();
  const factor = await loadPairedFactor(pair, subject, reference);
  if (isSkipped(factor)) return factor;
  const sums = await backend.pairSums(factor.a, factor.b);
  const { maxAbsDifference: maxAbs } = sums;
  const nothing = { maxAbs, counted: null };
  if (factor.a.dtype !== factor.b.dtype || DTYPE_BITS[factor.a.dtype] !== 16) return nothing;
  const varying = varyingFeatures(factor);
  if (varying.length === 0) return nothing;
  const whole = varying.length === factor.features;
  const [a, b] = whole ? [factor.a, factor.b] : [keep(factor.a, varying), keep(factor.b, varying)];
  const { n, equal } = whole ? sums : await backend.pairSums(a, b);
  const [countsA, countsB] = await patternCounts(a, b, backend);
  const { expectation, variance } = collisionMoments(countsA, countsB, n);
  if (!(variance > 0)) return nothing;
  const byFeature = equal - expectation >= NOTABLE_EXCESS * n ? featureCollisions(a, b) : null;
  const { parameters } = pair.subject;
  return { maxAbs, counted: { equal, expectation, variance, n, parameters, byFeature } };
}

/** Features of which neither side repeats one 16-bit pattern throughout. */
function varyingFeatures({ a, b, features, units }: PairedFactor): number[] {
  const isConstant = ({ bytes }: TensorView, feature: number): boolean => {
    const from = 2 * units * feature;
    for (let at = from + 2; at < from + 2 * units; at += 2) {
      if (bytes[at] !== bytes[from] || bytes[at + 1] !== bytes[from + 1]) return false;
    }
    return true;
  };
  return Array.from({ length: features }, (_, feature) => feature).filter(
    (feature) => !isConstant(a, feature) && !isConstant(b, feature),
  );
}

function keep({ bytes, dtype, shape }: TensorView, features: readonly number[]): TensorView {
  const [, units = 0] = shape;
  const size = 2 * units;
  const kept = new Uint8Array(features.length * size);
  features.forEach((feature, position) => {
    kept.set(bytes.subarray(feature * size, (feature + 1) * size), position * size);
  });
  return { bytes: kept, dtype, shape: [features.length, units] };
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
