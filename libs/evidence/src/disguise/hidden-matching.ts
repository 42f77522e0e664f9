import type { EvidenceRecord } from '@jokbo/contracts';
import { componentTensors } from '../paired-tensors.js';
import type { AlignmentMap } from './alignment-map.js';
import { WITH_BLOCKS, type BlockPair } from './feed-forward-blocks.js';
import type { Frame } from './frame.js';
import { framedUnits, overHiddenUnits } from './framed-units.js';
import { withHiddenOrder } from './hidden-order.js';
import { unitsToMatch } from './hidden-units.js';
import { matchBlocks, type FoundBlock, type MatchExperts, type MatchingEvidence } from './match-blocks.js';
import { matchRows } from './match-rows.js';
import { unitRows } from './matrix-product.js';
import type { ModelPair, Widths } from './model-pair.js';

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
    const { record: plain, results } = await matchBlocks(pair, {
      ...{ method: 'hidden_matching', component, widths, experts },
      matchBlock: (blocks) => matchBlock(pair, frame, blocks),
    });
    const chosen = results.find(({ map }) => map === plain.layer_map);
    const matchings = (chosen?.matched ?? []).map(({ matching }) => matching);
    const ordered = withHiddenOrder(pair, [plain], matchings);
    records.push(...ordered.records);
    if (ordered.map !== null) maps.push(ordered.map);
  }
  return { records, maps };
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
