import type { BlockRecord, EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import {
  fisherCombination,
  fixedPointsLog10P,
  fixedPointsOverBlocks,
  stouffer,
  type BlockFixedPoints,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import type { ExpertMaps } from './disguise/expert-matching.js';
import { pairBlocks } from './disguise/feed-forward-blocks.js';
import { spread } from './disguise/spread.js';
import { evidenceRecord } from './evidence-record.js';
import type { ContiguousMap } from './layer-map.js';
import { matchBlock, type MatchedBlock } from './match-units.js';
import { notMeasured } from './not-measured.js';

/** Blocks that are matched, evenly spread: an assignment costs the cube of its width. */
const MAX_BLOCKS = 64;

export interface MatchedUnitsOptions {
  readonly map: ContiguousMap;
  /** Expert of the reference for each of the subject, by layer; the same number where a layer has none. */
  readonly experts?: ExpertMaps;
}

/**
 * Matched hidden units (Zhu et al. 2025, "Independence tests for language models", arXiv 2502.12292): MATCH is the
 * assignment of largest Σ cosine of the rows of two projections. φ_U holds MATCH(up) against the identity: the units of
 * a block are exchangeable, so its matching is a uniformly random permutation and fixed points have an exact law.
 * φ_MATCH holds MATCH(gate) against MATCH(up) and needs no order of units on either side, whatever their permutation,
 * and matches into a wider block where widths differ (pruning). Invariant to scale and to any rotation that both models
 * share.
 *
 * φ_MATCH is anti-conservative: independent models share features that are local to a depth (block z of mean 2.3 and up
 * to 4.8 between published models), and a shifted diagonal is no cure. Blocks carry their z so that an independent
 * control at the same depths can be held against them (`controlMargins`, `adjustedZ`); without one it decides nothing.
 */
export async function matchedUnitsEvidence(
  comparison: Comparison,
  { map, experts }: MatchedUnitsOptions,
): Promise<EvidenceRecord> {
  const identity = {
    ...comparison,
    method: 'matched_units',
    tier: 1,
    primary: false,
    nullHypothesis: 'hidden units of every block; agreement of matchings needs a control at the same depths',
  } as const;
  const pairs = pairBlocks(comparison, comparison.component, map, experts ?? null);
  const skipped: SkippedTensor[] = [];
  const matched: MatchedBlock[] = [];
  for (const pair of spread(pairs, MAX_BLOCKS)) {
    comparison.signal?.throwIfAborted();
    const found = await matchBlock(pair, comparison);
    if (typeof found === 'string') skipped.push({ key: pair.own.key, reason: found });
    else matched.push(found);
  }
  if (matched.length === 0) {
    return notMeasured(identity, comparison, skipped[0]?.reason ?? 'no-matched-blocks', skipped);
  }
  const z = matched.map(({ agreement }) => agreement.z);
  return evidenceRecord(identity, {
    z: stouffer(z),
    r: meanOf(matched.map(({ agreement }) => agreement.r)),
    units: matched.reduce((sum, { agreement }) => sum + agreement.units, 0),
    tensors: 2 * matched.length,
    parameters: matched.reduce((sum, { pair }) => sum + pair.own.parameters, 0),
    layer_map: map.name,
    blocks: matched.map(blockOf),
    skipped,
    details: {
      blocks: matched.length,
      blocks_untested: pairs.length - Math.min(MAX_BLOCKS, pairs.length),
      block_z_mean: meanOf(z),
      block_z_max: Math.max(...z),
      match_log10_p: fisherCombination(matched.map(({ agreement }) => agreement.log10P))?.log10P ?? null,
      ...fixedDetails(
        'match_fixed',
        matched.map(({ agreementFixed }) => agreementFixed),
      ),
      up_log10_p: fisherCombination(matched.flatMap(({ inOrder }) => inOrder?.log10P ?? []))?.log10P ?? null,
      ...fixedDetails(
        'up_fixed',
        matched.flatMap(({ inOrderFixed }) => inOrderFixed ?? []),
      ),
      calibration: 'independent control at the same depths',
    },
  });
}

function fixedDetails(name: string, blocks: readonly BlockFixedPoints[]): Record<string, number | null> {
  const sum = fixedPointsOverBlocks(blocks);
  const single = blocks.length === 1 ? blocks[0] : undefined;
  const exact = single === undefined ? null : fixedPointsLog10P(single.count, single.units, single.columns);
  return {
    [name]: sum?.count ?? null,
    [`${name}_expected`]: sum?.expected ?? null,
    [`${name}_log10_p`]: exact ?? sum?.log10Bound ?? null,
  };
}

function blockOf({ pair, agreement }: MatchedBlock): BlockRecord {
  return {
    key: pair.own.key,
    reference_key: pair.other.key,
    z: agreement.z,
    r: agreement.r,
    parameters: pair.own.parameters,
    identical: false,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
