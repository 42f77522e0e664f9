import type { EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import { bestOfMaps } from './best-of-maps.js';
import { mapsFor, SCRAMBLES, TAIL_PERMUTATIONS, type Comparison } from './comparison.js';
import { AS_IT_IS, type FactorTransform } from './factor-transform.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import { notMeasured } from './not-measured.js';
import { pairTensors } from './paired-tensors.js';
import { tracesOfPairings, type PairsTrace } from './trace-of-pairs.js';

/** A statistic of the trace family: what is done to each centred factor before the test. */
export interface TraceVariant {
  readonly method: 'trace' | 'rank_trace';
  readonly primary: boolean;
  /** What is permuted, in words. */
  readonly permuted: string;
  /** Any map f with f(P A) = P f(A) keeps the permutation null exact. */
  readonly transform: FactorTransform;
}

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
  const maps = mapsFor(comparison);
  const traces = await tracesOfPairings(
    maps.map((map) => pairTensors(subject, reference, component, map)),
    comparison,
    variant.transform,
    maps.map((map) => ({ comparison, name: [variant.method, map.name] })),
  );
  for (const [index, map] of maps.entries()) {
    const trace = traces[index];
    if (trace === undefined) continue;
    const { joint } = trace;
    if (joint === null) unpaired ??= trace.skipped;
    else results.push({ map: map.name, z: joint.z, result: { trace, joint } });
  }
  const best = bestOfMaps(results);
  if (best === null) {
    return notMeasured(traceIdentity(comparison, variant, null), comparison, 'no-matched-tensors', unpaired);
  }
  const { joint, trace } = best.result;
  const { units, blocks, skipped, parameters } = trace;
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
    scrambles: await scramblesOf(trace, identity),
    details: {
      map_z: best.rawZ,
      identity_z: identityZ,
      ...(await confirmedTail(trace, identity, best.rawZ)),
    },
  });
}

/** Makes and keeps the sums of the group of tensors that `comparison` looks at. */
export async function keepTraceGroup(comparison: Comparison): Promise<void> {
  const { component, subject, reference } = comparison;
  for (const map of mapsFor(comparison)) {
    const pairing = pairTensors(subject, reference, component, map);
    await tracesOfPairings([pairing], comparison, AS_IT_IS, [{ comparison, name: ['trace', map.name] }]);
  }
}

/** Between these |z| the normal tail is confirmed by permutations. */
const CONFIRM_FROM_Z = 3;
const CONFIRM_TO_Z = 9;

/** z of seeded scrambles of a trace, as its record states them. */
export async function scramblesOf(trace: PairsTrace, identity: RecordIdentity): Promise<number[]> {
  const draw = { seed: permutationSeed('scramble', identity), permutations: SCRAMBLES };
  return [...(await trace.scrambles(draw))];
}

/** Permutation p of a trace whose tail is worth confirming, as details of its record. */
export async function confirmedTail(
  trace: PairsTrace,
  identity: RecordIdentity,
  z: number,
): Promise<Record<string, number>> {
  if (Math.abs(z) < CONFIRM_FROM_Z || Math.abs(z) > CONFIRM_TO_Z) return {};
  const draw = { seed: permutationSeed('tail', identity), permutations: TAIL_PERMUTATIONS };
  const { p, permutations } = await trace.tail(draw);
  return { permutation_p: p, permutations };
}

function traceIdentity(
  comparison: Comparison,
  { method, primary, permuted }: TraceVariant,
  units: number | null,
): RecordIdentity {
  const nullHypothesis = units === null ? permuted : `${permuted} (${units})`;
  return { ...comparison, method, tier: 1, primary, nullHypothesis };
}
