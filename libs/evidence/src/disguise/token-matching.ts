import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { fixedPointsOverBlocks, type BlockFixedPoints, type Factor } from '@jokbo/statistics';
import { componentTensors } from '../paired-tensors.js';
import type { AlignmentMap } from './alignment-map.js';
import { WITH_BLOCKS, type BlockPair } from './feed-forward-blocks.js';
import { withHiddenOrder } from './hidden-order.js';
import { unitsToMatch } from './hidden-units.js';
import { matchBlocks, type FoundBlock, type MatchExperts, type MatchingEvidence } from './match-blocks.js';
import { matchReorderedRows, matchRows, type RowPairs } from './match-rows.js';
import { transposed } from './matrix-product.js';
import { disguiseRecord, notAligned, type ModelPair, type Widths } from './model-pair.js';
import type { TokenInputs } from './token-responses.js';

/**
 * Hidden units matched by how they answer shared tokens, which survives any basis of the residual stream together with
 * any order of hidden units, experts and heads (Zhu et al. 2025, arXiv 2502.12292, weight-only probes): assignment on
 * gate responses, then (`token_matching`) the trace of up responses over the matched units, and (`token_fixed_points`)
 * the units to which an assignment on the sizes of up cosines gives the same partner. The latter is blind to the sign
 * of an up row, which a change of sign of the down column undoes.
 */
export async function tokenMatchingEvidence(
  pair: ModelPair,
  inputs: TokenInputs,
  widths: Widths,
  experts: MatchExperts,
): Promise<MatchingEvidence> {
  const records: EvidenceRecord[] = [];
  const maps: AlignmentMap[] = [];
  for (const component of WITH_BLOCKS) {
    if (componentTensors(pair.subject, component).length === 0) continue;
    const { record: plain, results } = await matchBlocks(pair, {
      ...{ method: 'token_matching', component, widths, experts },
      matchBlock: (blocks) => matchBlock(pair, inputs, blocks),
    });
    const chosen = results.find(({ map }) => map === plain.layer_map) ?? results[0];
    const matched = chosen?.matched ?? [];
    const points = fixedPointsRecord(pair, component, widths, matched, plain);
    const matchings = matched.map(({ matching }) => matching);
    const found = withHiddenOrder(pair, [plain, points], matchings);
    records.push(...found.records);
    if (found.map !== null) maps.push(found.map);
  }
  return { records, maps };
}

interface FoundByTokens extends FoundBlock {
  readonly points: BlockFixedPoints & { readonly columns: number };
}

async function matchBlock(
  pair: ModelPair,
  inputs: TokenInputs,
  blocks: BlockPair,
): Promise<FoundByTokens | string> {
  const { own, other } = blocks;
  const [gate, up] = [own.tensors.get('gate'), own.tensors.get('up')];
  const [otherGate, otherUp] = [other.tensors.get('gate'), other.tensors.get('up')];
  if (gate === undefined || up === undefined || otherGate === undefined || otherUp === undefined) {
    return 'block-without-gate';
  }
  const units = await unitsToMatch(pair, blocks, 'gate');
  if (typeof units === 'string') return units;
  const gates = [await inputs.own(gate, units.own), await inputs.other(otherGate, units.other)] as const;
  const ups = [await inputs.own(up, units.own), await inputs.other(otherUp, units.other)] as const;
  const [gateA, gateB, upA, upB] = [...gates, ...ups];
  if (gateA === null || gateB === null || upA === null || upB === null) return 'another-residual-stream';
  if (gateA.rows.join() !== upA.rows.join() || gateB.rows.join() !== upB.rows.join()) return 'another-sample';
  const byGate = await matchRows(gateA.responses, gateB.responses, pair.backend);
  const byUp = await matchReorderedRows(upA.responses, upB.responses, pair.backend, 'size');
  const over = ({ responses }: typeof upA, rows: readonly number[]) => {
    const { values, units: tokens } = responses;
    const chosen = new Float64Array(rows.length * tokens);
    rows.forEach((row, at) => chosen.set(values.subarray(row * tokens, (row + 1) * tokens), at * tokens));
    return transposed({ values: chosen, features: rows.length, units: tokens });
  };
  const factor = { own: over(upA, byGate.own), other: over(upB, byGate.other) };
  return {
    block: { pair: blocks, factors: [factor] },
    matching: {
      pair: blocks,
      own: byGate.own.map((row) => gateA.rows[row] ?? NaN),
      other: byGate.other.map((row) => gateB.rows[row] ?? NaN),
      signs: unitSigns(factor.own, factor.other),
    },
    points: {
      count: samePartners(byGate, byUp),
      units: byGate.own.length,
      columns: Math.max(gateA.rows.length, gateB.rows.length),
    },
  };
}

/** −1 where the responses of a matched unit have opposite signs. */
function unitSigns(own: Factor, other: Factor): Int8Array {
  const sums = new Float64Array(own.units);
  own.values.forEach((value, at) => {
    const unit = at % own.units;
    sums[unit] = (sums[unit] ?? NaN) + value * (other.values[at] ?? NaN);
  });
  return Int8Array.from(sums, (sum) => (sum < 0 ? -1 : 1));
}

/** Units to which both matchings give the same partner. */
function samePartners(first: RowPairs, second: RowPairs): number {
  const partner = new Map(second.own.map((row, at) => [row, second.other[at]]));
  return first.own.filter((row, at) => partner.get(row) === first.other[at]).length;
}

/**
 * Units with the same partner by gate and by up responses. Under a random order their number has mean and variance one
 * per block (units/columns where rectangular) and P(K >= k) <= (Σ mean)^k/k!; independent models that learned the same
 * data exceed it slightly, hence the control pairs.
 */
function fixedPointsRecord(
  pair: ModelPair,
  component: Component,
  widths: Widths,
  matched: readonly FoundByTokens[],
  trace: EvidenceRecord,
): EvidenceRecord {
  const statistic = {
    method: 'token_fixed_points',
    component,
    permuted: 'hidden units of every block',
  } as const;
  const points = fixedPointsOverBlocks(matched.map((found) => found.points));
  if (points === null) return notAligned(pair, statistic, trace.reason ?? 'no-matched-blocks');
  const { count, expected, log10Bound } = points;
  const units = matched.reduce((sum, found) => sum + found.points.units, 0);
  return disguiseRecord(pair, statistic, widths, {
    z: (count - expected) / Math.sqrt(expected),
    r: count / units,
    units,
    ceiling: (units - expected) / Math.sqrt(expected),
    tensors: 2 * matched.length,
    parameters: trace.parameters,
    layer_map: trace.layer_map,
    maps_tried: trace.maps_tried,
    blocks: matched.map(
      ({
        matching: {
          pair: { own, other },
        },
        points: { count: k, units: m, columns: n },
      }) => ({
        key: own.key,
        reference_key: other.key,
        z: (k - m / n) / Math.sqrt(m / n),
        r: k / m,
        parameters: own.parameters,
        identical: false,
      }),
    ),
    details: { fixed_points: count, expected, log10_bound: log10Bound },
  });
}
