import type { BlockRecord, Component, EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import { centreFeatures, type JointTrace } from '@jokbo/statistics';
import { bestOfMaps } from '../best-of-maps.js';
import { createJointTrace } from '../joint-trace.js';
import type { ContiguousMap } from '../layer-map.js';
import { pairTensors, type TensorPair } from '../paired-tensors.js';
import { elementFault } from '../unmeasurable.js';
import { alignedMaps } from './aligned-maps.js';
import { factorRows, featureCount, matchedRows } from './factor-rows.js';
import { foldedFactor, readsUnusableNorm } from './folding.js';
import type { Frame } from './frame.js';
import {
  disguiseRecord,
  notAligned,
  type DisguiseStatistic,
  type ModelPair,
  type Widths,
} from './model-pair.js';
import { spread } from './spread.js';

/** Features of a component that are tested: z of a copy is beyond 60 with a few hundred. */
const MAX_FEATURES = 2048;

/** Tensors of a component that are tested, evenly spread: layers and experts are many. */
const MAX_TENSORS = 256;

/** Fewest features of a tensor. */
const MIN_FEATURES = 8;

/** How the factors of a component are brought together. */
export interface AlignedComponent {
  readonly statistic: DisguiseStatistic;
  readonly widths: Widths;
  readonly frame: Frame;
  /** Whether norm weights are folded into the matrices that read them. */
  readonly folded: boolean;
  /** What else the record shall say. */
  readonly details: EvidenceRecord['details'];
}

/**
 * Residual-axis trace of one component in a frame that was learned from embeddings, so from tensors that it does not
 * see (Hoeffding 1951 for the moments). The moments are those of a random order of the frame's units, which is not the
 * null of a learned alignment: the z needs control pairs treated alike.
 */
export async function alignedTraceRecord(
  pair: ModelPair,
  aligned: AlignedComponent,
): Promise<EvidenceRecord> {
  const { statistic, widths, frame } = aligned;
  const results = [];
  let unpaired: readonly SkippedTensor[] | undefined;
  for (const map of alignedMaps(pair)) {
    const found = await alignedTrace(pair, aligned, map);
    if (found.joint === null) unpaired ??= found.skipped;
    else results.push({ map: map.name, z: found.joint.z, result: { ...found, joint: found.joint } });
  }
  const best = bestOfMaps(results);
  if (best === null) return notAligned(pair, statistic, 'no-matched-tensors', unpaired);
  const { joint, blocks, skipped, parameters, untested } = best.result;
  return disguiseRecord(pair, statistic, widths, {
    z: best.z,
    r: joint.r,
    r_interval: joint.rInterval,
    r_min: joint.rMin,
    n_eff: joint.nEff,
    units: frame.units,
    ceiling: joint.ceiling,
    tensors: joint.tensors,
    features: joint.features,
    parameters,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks,
    skipped,
    details: { ...aligned.details, map_z: best.rawZ, tensors_untested: untested },
  });
}

interface AlignedTrace {
  readonly joint: JointTrace | null;
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  readonly parameters: number;
  readonly untested: number;
}

async function alignedTrace(
  pair: ModelPair,
  aligned: AlignedComponent,
  map: ContiguousMap,
): Promise<AlignedTrace> {
  const component: Component = aligned.statistic.component;
  const { pairs, skipped: unpaired } = pairTensors(pair.subject, pair.reference, component, map);
  const chosen = spread(pairs, MAX_TENSORS);
  const limit = Math.max(MIN_FEATURES, Math.floor(MAX_FEATURES / Math.max(1, chosen.length)));
  const builder = createJointTrace(aligned.frame.units, pair.backend);
  const blocks: BlockRecord[] = [];
  const skipped: SkippedTensor[] = [...unpaired];
  for (const tensors of chosen) {
    pair.signal?.throwIfAborted();
    const { key, parameters, digest } = tensors.subject;
    const factors = await alignedFactors(pair, tensors, aligned, limit);
    if (typeof factors === 'string') {
      skipped.push({ key, reason: factors });
      continue;
    }
    const test = await builder.add(centreFeatures(factors.own), centreFeatures(factors.other));
    if (test === null) {
      skipped.push({ key, reason: 'zero-variance' });
      continue;
    }
    const identical = digest === tensors.reference.digest;
    blocks.push({ key, reference_key: tensors.reference.key, z: test.z, r: test.r, parameters, identical });
  }
  return {
    joint: await builder.finish(),
    blocks,
    skipped,
    parameters: blocks.reduce((sum, block) => sum + block.parameters, 0),
    untested: pairs.length - chosen.length,
  };
}

async function alignedFactors(
  { subject, reference }: ModelPair,
  tensors: TensorPair,
  { widths, frame, folded }: AlignedComponent,
  limit: number,
) {
  const fault = elementFault(tensors.subject) ?? elementFault(tensors.reference);
  if (fault !== null) return fault;
  if (folded && readsUnusableNorm(subject, tensors.subject)) return 'norm-not-finite';
  if (folded && readsUnusableNorm(reference, tensors.reference)) return 'norm-not-finite';
  const own = await subject.factor(tensors.subject.key);
  const other = await reference.factor(tensors.reference.key);
  if (own === null || other === null) return 'not-sampled';
  if (own.units !== widths.subject || other.units !== widths.reference) return 'another-residual-stream';
  if (featureCount(tensors.subject, own) !== featureCount(tensors.reference, other)) {
    return 'feature-count-differs';
  }
  const rows = matchedRows(own, other, limit);
  if (rows.own.length === 0) return 'no-common-features';
  const [a, b] = [factorRows(own, rows.own), factorRows(other, rows.other)];
  return {
    own: await frame.own(folded ? await foldedFactor(subject, tensors.subject, a) : a),
    other: await frame.other(folded ? await foldedFactor(reference, tensors.reference, b) : b),
  };
}
