import type { BlockRecord, EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import {
  pairedPermutationTail,
  pairedScrambles,
  type CentredFactor,
  type JointTrace,
} from '@jokbo/statistics';
import { bestOfMaps } from './best-of-maps.js';
import { mapsFor, SCRAMBLES, TAIL_PERMUTATIONS, type Comparison } from './comparison.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import { createJointTrace } from './joint-trace.js';
import { notMeasured } from './not-measured.js';
import { centredFactors, isSkipped, loadPairedFactor } from './paired-factor.js';
import { pairTensors, type TensorPair } from './paired-tensors.js';

/** What the joint trace test of one component under one layer map found. */
export interface ComponentTrace {
  readonly joint: JointTrace;
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  readonly parameters: number;
}

/** A statistic of the trace family: what is done to each centred factor before the test. */
export interface TraceVariant {
  readonly method: 'trace' | 'rank_trace';
  readonly primary: boolean;
  /** What is permuted, in words. */
  readonly permuted: string;
  /** Any map f with f(P A) = P f(A) keeps the permutation null exact. */
  readonly transform: FactorTransform;
}

export type FactorTransform = (factor: CentredFactor) => CentredFactor;

const AS_IT_IS: FactorTransform = (factor) => factor;

/**
 * Residual-axis trace test of a component, joint over its tensors (Hoeffding 1951; PERMTEST with the squared
 * distance at infinitely many permutations, Zhu et al. 2025). Null: the reference's residual dimensions are
 * permuted, one permutation for all tensors. Invariant to scaling and to a constant per feature; blind to
 * nothing that keeps the order of units and features.
 *
 * @returns a record; `not_applicable` where no tensor of the component can be paired.
 */
export function traceEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  return traceRecord(comparison, {
    method: 'trace',
    primary: true,
    permuted: 'residual dimensions',
    transform: AS_IT_IS,
  });
}

/** The record of one statistic of the trace family, under the best of the layer maps that are tried. */
export async function traceRecord(comparison: Comparison, variant: TraceVariant): Promise<EvidenceRecord> {
  const { component, subject, reference } = comparison;
  const results = [];
  let unpaired: readonly SkippedTensor[] | undefined;
  for (const map of mapsFor(comparison)) {
    const { pairs, skipped } = pairTensors(subject, reference, component, map);
    const trace = await traceOfPairs(pairs, comparison, skipped, variant.transform);
    if (trace.joint === null) unpaired ??= trace.skipped;
    else results.push({ map: map.name, z: trace.joint.z, result: { ...trace, joint: trace.joint } });
  }
  const best = bestOfMaps(results);
  if (best === null) {
    return notMeasured(traceIdentity(comparison, variant, null), comparison, 'no-matched-tensors', unpaired);
  }
  const { joint, blocks, skipped, parameters } = best.result;
  const units = Math.sqrt(joint.cc.length);
  const identity = traceIdentity(comparison, variant, units);
  const identityZ = results.find((result) => result.map === 'identity')?.z ?? null;
  return evidenceRecord(identity, {
    z: best.z,
    log10_p: best.log10P,
    r: joint.r,
    r_interval: joint.rInterval,
    r_min: joint.rMin,
    n_eff: joint.nEff,
    units,
    ceiling: joint.ceiling,
    tensors: joint.tensors,
    features: joint.features,
    parameters,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks,
    skipped,
    scrambles: [
      ...pairedScrambles(joint.cc, units, {
        seed: permutationSeed('scramble', identity),
        permutations: SCRAMBLES,
      }),
    ],
    details: { map_z: best.rawZ, identity_z: identityZ, ...confirmedTail(joint, units, identity, best.rawZ) },
  });
}

/** Between these |z| the normal tail is confirmed by permutations. */
const CONFIRM_FROM_Z = 3;
const CONFIRM_TO_Z = 9;

/** Permutation p of a trace whose tail is worth confirming, as details of its record. */
export function confirmedTail(
  joint: JointTrace,
  units: number,
  identity: RecordIdentity,
  z: number,
): Record<string, number> {
  if (Math.abs(z) < CONFIRM_FROM_Z || Math.abs(z) > CONFIRM_TO_Z) return {};
  const draw = { seed: permutationSeed('tail', identity), permutations: TAIL_PERMUTATIONS };
  const tail = pairedPermutationTail(joint.cc, units, draw);
  return { permutation_p: tail.p, permutations: tail.permutations };
}

function traceIdentity(
  comparison: Comparison,
  { method, primary, permuted }: TraceVariant,
  units: number | null,
): RecordIdentity {
  const nullHypothesis = units === null ? permuted : `${permuted} (${units})`;
  return { ...comparison, method, tier: 1, primary, nullHypothesis };
}

/** The joint trace over given pairs; tensors of another residual width than the first are skipped. */
export async function traceOfPairs(
  pairs: readonly TensorPair[],
  comparison: Pick<Comparison, 'subject' | 'reference' | 'backend' | 'signal'>,
  unpaired: readonly SkippedTensor[] = [],
  transform: FactorTransform = AS_IT_IS,
): Promise<Omit<ComponentTrace, 'joint'> & { joint: JointTrace | null }> {
  const skipped: SkippedTensor[] = [...unpaired];
  const blocks: BlockRecord[] = [];
  let builder: ReturnType<typeof createJointTrace> | null = null;
  let units = 0;
  let parameters = 0;
  for (const pair of pairs) {
    comparison.signal?.throwIfAborted();
    const factor = await loadPairedFactor(pair, comparison.subject, comparison.reference);
    if (isSkipped(factor)) {
      skipped.push(factor);
      continue;
    }
    if (builder === null) {
      units = factor.units;
      builder = createJointTrace(units, comparison.backend);
    } else if (factor.units !== units) {
      skipped.push({ key: pair.subject.key, reason: 'another-residual-stream' });
      continue;
    }
    const [a, b] = await centredFactors(factor, comparison.subject, comparison.reference);
    const test = await builder.add(transform(a), transform(b));
    if (test === null) {
      skipped.push({ key: pair.subject.key, reason: 'zero-variance' });
      continue;
    }
    parameters += pair.subject.parameters;
    blocks.push({
      key: pair.subject.key,
      reference_key: pair.reference.key,
      z: test.z,
      r: test.r,
      parameters: pair.subject.parameters,
      identical: pair.subject.digest === pair.reference.digest,
    });
  }
  return { joint: (await builder?.finish()) ?? null, blocks, skipped, parameters };
}
