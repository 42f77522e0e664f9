import type { Component, EvidenceRecord } from '@jokbo/contracts';
import type { ContiguousMap } from '../layer-map.js';
import { componentTensors } from '../paired-tensors.js';
import { alignedMaps } from './aligned-maps.js';
import type { AlignmentMap } from './alignment-map.js';
import type { ExpertMaps } from './expert-matching.js';
import { pairBlocks, WITH_BLOCKS, type BlockPair } from './feed-forward-blocks.js';
import type { Frame } from './frame.js';
import { framedUnits, overHiddenUnits } from './framed-units.js';
import { hiddenAxisTest, type MatchedBlock } from './hidden-axis.js';
import { withHiddenOrder, type UnitMatching } from './hidden-order.js';
import { hiddenAxisRecord } from './hidden-record.js';
import { blocksToMatch, unitsToMatch } from './hidden-units.js';
import { matchRows } from './match-rows.js';
import { unitRows } from './matrix-product.js';
import type { ModelPair, Widths } from './model-pair.js';

/** Experts of the reference for those of the subject, under a layer map. */
export type MatchExperts = (map: ContiguousMap) => Promise<ExpertMaps>;

/** Records of a matching of hidden units, and the orders that were found. */
export interface MatchingEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly AlignmentMap[];
}

/**
 * Permuted or pruned hidden units: assignment on the cosines of gate rows in a common basis of the residual stream (of
 * up rows in a block without gate), then the trace of the other projections of the block over the matched units (Zhu et
 * al. 2025, φ_MATCH, with exact moments in place of ranks). Rectangular where hidden widths differ; experts are matched
 * by their routers.
 */
export async function hiddenMatchingEvidence(
  pair: ModelPair,
  frame: Frame,
  widths: Widths,
  experts: MatchExperts,
): Promise<MatchingEvidence> {
  const records: EvidenceRecord[] = [];
  const maps: AlignmentMap[] = [];
  for (const component of WITH_BLOCKS) {
    if (componentTensors(pair.subject, component).length === 0) continue;
    const results = [];
    for (const map of alignedMaps(pair)) {
      const found = await matchBlocks(pair, frame, component, map, experts);
      const test = await hiddenAxisTest(
        found.matched.map(({ block }) => block),
        pair.backend,
      );
      results.push({ ...found, map: map.name, test });
    }
    const statistic = {
      method: 'hidden_matching',
      component,
      permuted: 'hidden units of every block',
    } as const;
    const details = { blocks_untested: results[0]?.untested ?? 0 };
    const plain = hiddenAxisRecord(pair, statistic, widths, results, details);
    const chosen = results.find(({ map }) => map === plain.layer_map);
    const matchings = (chosen?.matched ?? []).map(({ matching }) => matching);
    const ordered = withHiddenOrder(pair, [plain], matchings);
    records.push(...ordered.records);
    if (ordered.map !== null) maps.push(ordered.map);
  }
  return { records, maps };
}

interface FoundBlock {
  readonly block: MatchedBlock;
  readonly matching: UnitMatching;
}

async function matchBlocks(
  pair: ModelPair,
  frame: Frame,
  component: Component,
  map: ContiguousMap,
  experts: MatchExperts,
): Promise<{ matched: readonly FoundBlock[]; reason: string; untested: number }> {
  const expertMaps = component === 'experts' ? await experts(map) : null;
  const { chosen, untested } = blocksToMatch(pairBlocks(pair, component, map, expertMaps));
  const matched: FoundBlock[] = [];
  let reason = 'no-matched-blocks';
  for (const blocks of chosen) {
    pair.signal?.throwIfAborted();
    const found = await matchBlock(pair, frame, blocks);
    if (typeof found === 'string') reason = found;
    else matched.push(found);
  }
  return { matched, reason, untested };
}

async function matchBlock(pair: ModelPair, frame: Frame, blocks: BlockPair): Promise<FoundBlock | string> {
  const { own, other } = blocks;
  const learned = own.tensors.has('gate') && other.tensors.has('gate') ? 'gate' : 'up';
  const units = await unitsToMatch(pair, blocks, learned);
  if (typeof units === 'string') return units;
  const framed = framedUnits(pair, frame);
  const [gate, otherGate] = [own.tensors.get(learned), other.tensors.get(learned)];
  if (gate === undefined || otherGate === undefined) return 'no-matched-blocks';
  const [a, b] = [await framed.own(gate, units.own), await framed.other(otherGate, units.other)];
  if (a === null || b === null) return 'another-residual-stream';
  const rows = await matchRows(unitRows(a, true), unitRows(b, true), pair.backend);
  const matching = {
    pair: blocks,
    own: rows.own.map((row) => units.own[row] ?? NaN),
    other: rows.other.map((row) => units.other[row] ?? NaN),
  };
  const factors = [];
  for (const [role, tensor] of own.tensors) {
    const partner = other.tensors.get(role);
    if (role === learned || partner === undefined) continue;
    const left = await framed.own(tensor, matching.own);
    const right = await framed.other(partner, matching.other);
    if (left !== null && right !== null) {
      factors.push({ own: overHiddenUnits(left), other: overHiddenUnits(right) });
    }
  }
  return factors.length === 0 ? 'no-matched-blocks' : { block: { pair: blocks, factors }, matching };
}
