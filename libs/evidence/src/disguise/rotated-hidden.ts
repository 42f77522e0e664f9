import type { EvidenceRecord } from '@jokbo/contracts';
import type { ContiguousMap } from '../layer-map.js';
import { componentTensors } from '../paired-tensors.js';
import { alignedMaps } from './aligned-maps.js';
import { featureNames, matchedRows } from './factor-rows.js';
import { pairBlocks, WITH_BLOCKS, type BlockPair } from './feed-forward-blocks.js';
import type { Frame } from './frame.js';
import { framedUnits, overHiddenUnits } from './framed-units.js';
import { hiddenAxisTest, type MatchedBlock } from './hidden-axis.js';
import { hiddenAxisRecord, type HiddenResult } from './hidden-record.js';
import { widthOf } from './hidden-units.js';
import type { ModelPair, Widths } from './model-pair.js';
import { spread } from './spread.js';

/** Hidden units of a block that are tested. */
const MAX_UNITS = 512;

/** Blocks of a component that are tested, evenly spread. */
const MAX_BLOCKS = 64;

/** Fewest hidden units with a variance worth having. */
const MIN_UNITS = 4;

/**
 * Hidden-axis trace in the common basis of a learned rotation: units are the hidden units of a block in their own order,
 * features its directions; gate, up and down joint, blocks combined as in Stouffer (1949). Of the alignment only the
 * features are learned, so it is nearer to an exact null than the residual-axis trace.
 */
export async function rotatedHiddenEvidence(
  pair: ModelPair,
  frame: Frame,
  widths: Widths,
  details: EvidenceRecord['details'],
): Promise<EvidenceRecord[]> {
  const records: EvidenceRecord[] = [];
  for (const component of WITH_BLOCKS) {
    if (componentTensors(pair.subject, component).length === 0) continue;
    const results: HiddenResult[] = [];
    for (const map of alignedMaps(pair)) {
      const blocks = await blocksInOrder(pair, frame, component, map);
      const test = await hiddenAxisTest(blocks, pair.backend);
      results.push({ map: map.name, test, reason: 'hidden-width-differs' });
    }
    const statistic = {
      method: 'rotated_hidden',
      component,
      permuted: 'hidden units of every block',
    } as const;
    records.push(hiddenAxisRecord(pair, statistic, widths, results, details));
  }
  return records;
}

async function blocksInOrder(
  pair: ModelPair,
  frame: Frame,
  component: EvidenceRecord['component'],
  map: ContiguousMap,
): Promise<MatchedBlock[]> {
  const matched: MatchedBlock[] = [];
  for (const blocks of spread(pairBlocks(pair, component, map, null), MAX_BLOCKS)) {
    pair.signal?.throwIfAborted();
    if (widthOf(blocks.own) !== widthOf(blocks.other)) continue;
    const factors = await blockFactors(pair, frame, blocks);
    if (factors.length > 0) matched.push({ pair: blocks, factors });
  }
  return matched;
}

async function blockFactors(
  pair: ModelPair,
  frame: Frame,
  { own, other }: BlockPair,
): Promise<MatchedBlock['factors']> {
  const units = framedUnits(pair, frame);
  const factors = [];
  let names: readonly number[] | null = null;
  for (const [role, tensor] of own.tensors) {
    const partner = other.tensors.get(role);
    const a = await pair.subject.factor(tensor.key);
    const b = partner === undefined ? null : await pair.reference.factor(partner.key);
    if (partner === undefined || a === null || b === null) continue;
    // One permutation acts on all tensors of a block, so they must name the same units.
    const kept = featureNames(a);
    names ??= matchedRows(a, b, MAX_UNITS).own.map((row) => kept[row] ?? NaN);
    if (names.length < MIN_UNITS) continue;
    const [left, right] = [await units.own(tensor, names), await units.other(partner, names)];
    if (left !== null && right !== null) {
      factors.push({ own: overHiddenUnits(left), other: overHiddenUnits(right) });
    }
  }
  return factors;
}
