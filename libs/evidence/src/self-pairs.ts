import type { ModelData } from '@jokbo/fingerprint';
import { layerCells, type Factor } from '@jokbo/statistics';
import { blockFactor, residualChoice, type OwnBlock } from './block-factors.js';

/** |z| from which two blocks of one model are the same; Bonferroni over a million pairs keeps p below 1e-9. */
export const SAME_Z = 8;

/** Multiplications for the variances of all pairs of a set of blocks, (blocks × features)². */
const PAIR_PRODUCTS = 3e8;

/** Residual dimensions per projection: at least as many as make a z of 8 possible, at most what a pair needs. */
const MIN_FEATURES = 16;
const MAX_FEATURES = 64;

/** Projections of a block. */
const PROJECTIONS = 3;

/** Two blocks of one model. */
export interface SelfPair {
  readonly first: OwnBlock;
  readonly second: OwnBlock;
  readonly z: number;
  readonly r: number;
}

/**
 * Hidden-axis trace of every pair of blocks of one model, gate, up and down joint with weights from norms (Hoeffding
 * 1951). Null: the hidden units of the second block trade places; every block has units of its own, so this is exact
 * inside one model too, where the residual axis is not (layers share outlying dimensions).
 */
export async function selfPairs(model: ModelData, blocks: readonly OwnBlock[]): Promise<SelfPair[]> {
  const most = Math.sqrt(PAIR_PRODUCTS) / (Math.max(1, blocks.length) * PROJECTIONS);
  const features = Math.min(MAX_FEATURES, Math.max(MIN_FEATURES, Math.floor(most)));
  const columns = residualChoice(features);
  const measured: { block: OwnBlock; factor: Factor }[] = [];
  for (const block of blocks) {
    const factor = await blockFactor(model, block, columns);
    const [first] = measured;
    const fits =
      first === undefined ||
      (first.factor.units === factor?.units && first.factor.features === factor.features);
    if (factor !== null && fits) measured.push({ block, factor });
  }
  const factors = measured.map(({ factor }) => factor);
  const cells = layerCells(factors, factors);
  const pairs: SelfPair[] = [];
  measured.forEach(({ block: second }, row) => {
    measured.slice(0, row).forEach(({ block: first }, column) => {
      const at = row * measured.length + column;
      const [z, r] = [cells.z[at] ?? null, cells.r[at] ?? null];
      if (z !== null && r !== null) pairs.push({ first, second, z, r });
    });
  });
  return pairs;
}

/** Members joined by pairs, each group ascending, in the order of their first members; single ones are left out. */
export function groupsOf(pairs: readonly (readonly [number, number])[]): number[][] {
  const groupOf = new Map<number, Set<number>>();
  for (const [a, b] of pairs) {
    const joined = new Set([...(groupOf.get(a) ?? [a]), ...(groupOf.get(b) ?? [b])]);
    for (const member of joined) groupOf.set(member, joined);
  }
  return [...new Set(groupOf.values())]
    .map((group) => [...group].sort((a, b) => a - b))
    .sort(([a = 0], [b = 0]) => a - b);
}
