import {
  fixedPoints,
  matchingSpearman,
  type BlockFixedPoints,
  type Factor,
  type MatchingSpearman,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import type { BlockRole } from './dense-and-experts.js';
import { factorRows, featureNames } from './disguise/factor-rows.js';
import type { BlockPair } from './disguise/feed-forward-blocks.js';
import { unitsToMatch, widthOf, type HiddenUnits } from './disguise/hidden-units.js';
import { matchRows } from './disguise/match-rows.js';
import { unitRows } from './disguise/matrix-product.js';
import { someUnits } from './some-units.js';

/** Residual dimensions over which rows are compared: a true match stands out by √512 deviations. */
export const MATCH_DIMENSIONS = 512;

/** What the matchings of one block pair say. */
export interface MatchedBlock {
  readonly pair: BlockPair;
  /** φ_MATCH: the matching of the gate rows against that of the up rows. */
  readonly agreement: MatchingSpearman;
  readonly agreementFixed: BlockFixedPoints;
  /** φ_U: the matching of the up rows against the identity; null where widths differ. */
  readonly inOrder: MatchingSpearman | null;
  readonly inOrderFixed: BlockFixedPoints | null;
}

/** Matches the hidden units of two blocks by gate and by up; a reason where they cannot be. */
export async function matchBlock(pair: BlockPair, comparison: Comparison): Promise<MatchedBlock | string> {
  const units = await unitsToMatch(comparison, pair, 'gate');
  if (typeof units === 'string') return units;
  const gate = await matchProjection('gate', units, pair, comparison);
  const up = await matchProjection('up', units, pair, comparison);
  if (gate === null || up === null) return 'no-matched-blocks';
  const agreement = matchingSpearman(gate, up);
  if (agreement === null) return 'too-few-hidden-units';
  const columns = Math.max(units.own.length, units.other.length);
  const sameWidth = widthOf(pair.own) === widthOf(pair.other);
  const ordered = sameWidth ? await matchInOrder(units, pair, comparison) : null;
  return {
    pair,
    agreement,
    agreementFixed: { count: fixedPoints(gate, up), units: gate.length, columns },
    inOrder: ordered === null ? null : matchingSpearman(ordered, identityOf(ordered)),
    inOrderFixed:
      ordered === null ? null : { count: fixedPoints(ordered, identityOf(ordered)), units: ordered.length },
  };
}

/** MATCH of one projection: for each unit of the side with fewer, the position of its partner. */
async function matchProjection(
  role: BlockRole,
  units: HiddenUnits,
  pair: BlockPair,
  comparison: Comparison,
): Promise<number[] | null> {
  const a = await unitDirections(comparison.subject, pair.own, role, units.own);
  const b = await unitDirections(comparison.reference, pair.other, role, units.other);
  if (a === null || b?.units !== a.units) return null;
  const { own, other } = await matchRows(a, b, comparison.backend);
  const [few, many] = a.features > b.features ? [other, own] : [own, other];
  const partners = Array<number>(few.length).fill(-1);
  few.forEach((row, at) => (partners[row] = many[at] ?? -1));
  return partners;
}

/** MATCH of the up rows of the units that both sides keep, in the order of their numbers. */
async function matchInOrder(
  units: HiddenUnits,
  pair: BlockPair,
  comparison: Comparison,
): Promise<number[] | null> {
  const other = new Set(units.other);
  const common = units.own.filter((unit) => other.has(unit));
  if (common.length < 3) return null;
  return matchProjection('up', { own: common, other: common }, pair, comparison);
}

function identityOf(matching: readonly number[]): number[] {
  return matching.map((_, unit) => unit);
}

/** Chosen hidden units of a projection over the residual dimensions, each of unit norm. */
async function unitDirections(
  model: Comparison['subject'],
  block: BlockPair['own'],
  role: BlockRole,
  units: readonly number[],
): Promise<Factor | null> {
  const tensor = block.tensors.get(role);
  const factor = tensor === undefined ? null : await model.factor(tensor.key);
  if (factor === null) return null;
  const positions = new Map(featureNames(factor).map((unit, position) => [unit, position]));
  const rows = units.flatMap((unit) => positions.get(unit) ?? []);
  return rows.length === units.length
    ? unitRows(someUnits(factorRows(factor, rows), 'matched-units', MATCH_DIMENSIONS), true)
    : null;
}
