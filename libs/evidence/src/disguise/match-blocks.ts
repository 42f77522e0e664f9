import type { Component, EvidenceRecord } from '@jokbo/contracts';
import type { ContiguousMap } from '../layer-map.js';
import { alignedMaps } from './aligned-maps.js';
import type { AlignmentMap } from './alignment-map.js';
import type { ExpertMaps } from './expert-matching.js';
import { pairBlocks, type BlockPair } from './feed-forward-blocks.js';
import { hiddenAxisTest, type MatchedBlock } from './hidden-axis.js';
import type { UnitMatching } from './hidden-order.js';
import { hiddenAxisRecord } from './hidden-record.js';
import { blocksToMatch } from './hidden-units.js';
import type { ModelPair, Widths } from './model-pair.js';

/** Experts of the reference for those of the subject, under a layer map. */
export type MatchExperts = (map: ContiguousMap) => Promise<ExpertMaps>;

/** Records of a matching of hidden units, and the orders that were found. */
export interface MatchingEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly AlignmentMap[];
}

/** Hidden units of one block of either side, matched. */
export interface FoundBlock {
  readonly block: MatchedBlock;
  readonly matching: UnitMatching;
}

/** How the hidden units of the blocks of one component are matched. */
export interface BlockMatching<Found extends FoundBlock> {
  readonly method: 'hidden_matching' | 'token_matching';
  readonly component: Component;
  readonly widths: Widths;
  readonly experts: MatchExperts;
  /** Matches those of one block, or says why they are not. */
  readonly matchBlock: (blocks: BlockPair) => Promise<Found | string>;
}

/**
 * Matches the hidden units of every block that is to be matched under each layer map, and tests the other projections over
 * them.
 *
 * @returns the record of the best layer map, and what was matched under each.
 */
export async function matchBlocks<Found extends FoundBlock>(
  pair: ModelPair,
  matching: BlockMatching<Found>,
): Promise<{
  readonly record: EvidenceRecord;
  readonly results: readonly { readonly map: string; readonly matched: readonly Found[] }[];
}> {
  const { method, component, widths } = matching;
  const results = [];
  for (const map of alignedMaps(pair)) {
    const found = await matchUnderMap(pair, matching, map);
    const test = await hiddenAxisTest(
      found.matched.map(({ block }) => block),
      pair.backend,
    );
    results.push({ ...found, map: map.name, test });
  }
  const statistic = { method, component, permuted: 'hidden units of every block' };
  const details = { blocks_untested: results[0]?.untested ?? 0 };
  return { record: hiddenAxisRecord(pair, statistic, widths, results, details), results };
}

async function matchUnderMap<Found extends FoundBlock>(
  pair: ModelPair,
  { component, experts, matchBlock }: BlockMatching<Found>,
  map: ContiguousMap,
): Promise<{ matched: readonly Found[]; reason: string; untested: number }> {
  const expertMaps = component === 'experts' ? await experts(map) : null;
  const { chosen, untested } = blocksToMatch(pairBlocks(pair, component, map, expertMaps));
  const matched: Found[] = [];
  let reason = 'no-matched-blocks';
  for (const blocks of chosen) {
    pair.signal?.throwIfAborted();
    const found = await matchBlock(blocks);
    if (typeof found === 'string') reason = found;
    else matched.push(found);
  }
  return { matched, reason, untested };
}
