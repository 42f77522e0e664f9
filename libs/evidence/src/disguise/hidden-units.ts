import { sampleIndices } from '@jokbo/fingerprint';
import { hiddenWidth } from '../hidden-pairs.js';
import type { BlockRole } from '../dense-and-experts.js';
import { featureNames } from './factor-rows.js';
import type { BlockPair } from './feed-forward-blocks.js';
import type { ModelPair } from './model-pair.js';
import { spread } from './spread.js';

/** Hidden units of the narrower side that are matched, against all of the other (Zhu et al. 2025 take 2048). */
const MAX_MATCHED = 1024;

/**
 * Share of the hidden units that the side with more must have kept. A sample of both sides holds so many partners at
 * most, and no aligned r below it counts.
 */
const MIN_KEPT_SHARE = 0.2;

/** Blocks of a component that are matched, evenly spread. */
const MAX_BLOCKS = 64;

/** Pairs of hidden units over the blocks of a component: some minutes of products and assignments. */
const MAX_PAIRS = 2 ** 26;

/** Fewest hidden units worth matching. */
const MIN_UNITS = 4;

/** Hidden units of either side that are matched: all kept ones of one, a seeded choice of the other where it is wide. */
export interface HiddenUnits {
  readonly own: readonly number[];
  readonly other: readonly number[];
}

/** Blocks that are matched; how many are left out as too many. */
export function blocksToMatch(pairs: readonly BlockPair[]): {
  chosen: readonly BlockPair[];
  untested: number;
} {
  const sizes = pairs.map(({ own, other }) => {
    const [a, b] = [widthOf(own), widthOf(other)];
    return Math.min(MAX_MATCHED, a, b) * Math.max(a, b);
  });
  const largest = Math.max(1, ...sizes);
  const count = Math.max(1, Math.min(MAX_BLOCKS, Math.floor(MAX_PAIRS / largest)));
  const chosen = spread(pairs, count);
  return { chosen, untested: pairs.length - chosen.length };
}

/** Hidden width of a block, by whichever projection it has. */
export function widthOf({ tensors }: BlockPair['own']): number {
  const [first] = tensors.values();
  return first === undefined ? 0 : (hiddenWidth(first) ?? 0);
}

/**
 * The hidden units that are matched by one projection of a block.
 *
 * @returns the reason instead: `hidden-units-sampled` where too few are kept for an order to be found.
 */
export async function unitsToMatch(
  { subject, reference }: ModelPair,
  { own, other }: BlockPair,
  role: BlockRole,
): Promise<HiddenUnits | string> {
  const [a, b] = [own.tensors.get(role), other.tensors.get(role)];
  if (a === undefined || b === undefined) return 'no-matched-blocks';
  const [left, right] = [await subject.factor(a.key), await reference.factor(b.key)];
  if (left === null || right === null) return 'not-sampled';
  const kept = { own: featureNames(left), other: featureNames(right) };
  const wide = kept.own.length > kept.other.length ? 'own' : 'other';
  const share = kept[wide].length / widthOf(wide === 'own' ? own : other);
  if (!(share >= MIN_KEPT_SHARE)) return 'hidden-units-sampled';
  if (Math.min(kept.own.length, kept.other.length) < MIN_UNITS) return 'too-few-hidden-units';
  const limited = (names: readonly number[]): number[] => {
    const seed = { family: 'disguise', axis: 'hidden', shape: [names.length] };
    return sampleIndices(seed, names.length, MAX_MATCHED).map((at) => names[at] ?? NaN);
  };
  return wide === 'own'
    ? { own: kept.own, other: limited(kept.other) }
    : { own: limited(kept.own), other: kept.other };
}
