import type { BlockRecord, EvidenceRecord, SkippedTensor, TensorSummary } from '@jokbo/contracts';
import {
  combineGroups,
  log10PTwoSided,
  smallestDetectableR,
  traceMoments,
  type Factor,
  type TraceMoments,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { tensorKey } from './paired-tensors.js';
import { routerRows, routersOf } from './routers.js';

/** Residual dimensions of a router that are read as features: beyond twice the number of experts they add little. */
const MAX_DIMENSIONS = 256;

/** Fewest experts of a routing group with a variance worth having. */
const MIN_EXPERTS = 4;

/**
 * Router over the expert axis: units are the experts of a routing group, features the residual dimensions (Hoeffding
 * 1951). Null: experts trade places, inside each routing group of each layer on its own, since a grouped router treats
 * only those alike; correction biases are no part of it. Groups and layers are distinct permutation groups and combine
 * as in Stouffer (1949). Blind to experts in another order and to another basis of the residual stream. Beside the
 * residual-axis primaries; its ceiling is low (127 for 128 experts a layer), and it decides nothing.
 */
export async function expertAxisEvidence(
  comparison: Comparison,
  map: ContiguousMap,
): Promise<EvidenceRecord> {
  const groups: TraceMoments[] = [];
  const blocks: BlockRecord[] = [];
  const skipped: SkippedTensor[] = [];
  const { subject, reference, signal } = comparison;
  const identity = {
    ...comparison,
    method: 'expert_axis',
    tier: 2,
    primary: false,
    nullHypothesis: 'experts of every routing group',
  } as const;
  let units = 0;
  let features = 0;
  let parameters = 0;
  for (const router of routersOf(subject)) {
    signal?.throwIfAborted();
    const layer = router.layer === null ? null : map.referenceLayer(router.layer);
    const partner = layer === null ? undefined : reference.tensors.get(tensorKey({ ...router, layer }));
    const tested = partner === undefined ? 'no-counterpart' : await testRouter(router, partner, comparison);
    if (typeof tested === 'string' || partner === undefined) {
      skipped.push({ key: router.key, reason: typeof tested === 'string' ? tested : 'no-counterpart' });
      continue;
    }
    const combined = combineGroups(tested.moments.map(groupOf));
    if (combined === null) {
      skipped.push({ key: router.key, reason: 'zero-variance' });
      continue;
    }
    groups.push(...tested.moments);
    units += tested.experts;
    features += tested.features;
    parameters += router.parameters;
    blocks.push({
      key: router.key,
      reference_key: partner.key,
      z: combined.z,
      r: combined.r,
      parameters: router.parameters,
      identical: router.digest === partner.digest,
    });
  }
  const combined = combineGroups(groups.map(groupOf));
  if (combined === null) {
    return notMeasured(identity, comparison, skipped[0]?.reason ?? 'no-matched-tensors', skipped);
  }
  return evidenceRecord(identity, {
    z: combined.z,
    log10_p: log10PTwoSided(combined.z),
    r: combined.r,
    r_interval: combined.rInterval,
    r_min: smallestDetectableR(combined.nEff),
    n_eff: combined.nEff,
    units,
    ceiling: groups.reduce((sum, { ceiling }) => sum + ceiling, 0) / Math.sqrt(combined.groups),
    tensors: blocks.length,
    features,
    parameters,
    layer_map: map.name,
    blocks,
    skipped,
    details: { groups: combined.groups, routing_groups: routingGroups(comparison) },
  });
}

/** Both models' routing groups; the finer of the two is a subgroup that is valid for either. */
function routingGroups({ subject, reference }: Comparison): number {
  return Math.max(subject.architecture.routingGroups ?? 1, reference.architecture.routingGroups ?? 1);
}

function groupOf(moments: TraceMoments) {
  return { ...moments, norm: Math.sqrt(moments.nEff * moments.variance) };
}

async function testRouter(
  router: TensorSummary,
  partner: TensorSummary,
  comparison: Comparison,
): Promise<{ moments: TraceMoments[]; experts: number; features: number } | string> {
  const { subject, reference } = comparison;
  const a = await routerRows(subject, router, MAX_DIMENSIONS);
  const b = await routerRows(reference, partner, MAX_DIMENSIONS);
  if (a === null || b === null) return 'not-sampled';
  if (a.units !== b.units) return 'residual-width-differs';
  if (a.features !== b.features) return 'expert-count-differs';
  const groups = routingGroups(comparison);
  const size = a.features / groups;
  if (!Number.isInteger(size) || size < MIN_EXPERTS) return 'routing-group-too-small';
  const moments = Array.from({ length: groups }, (_, group) =>
    traceMoments(expertsAsUnits(a, group * size, size), expertsAsUnits(b, group * size, size)),
  );
  return { moments: moments.flatMap((test) => test ?? []), experts: a.features, features: a.units };
}

/** Residual dimensions × experts first … first + count − 1. */
function expertsAsUnits({ values, units: dimensions }: Factor, first: number, count: number): Factor {
  const turned = new Float64Array(dimensions * count);
  for (let expert = 0; expert < count; expert += 1) {
    for (let dimension = 0; dimension < dimensions; dimension += 1) {
      turned[dimension * count + expert] = values[(first + expert) * dimensions + dimension] ?? NaN;
    }
  }
  return { values: turned, features: dimensions, units: count };
}
