import type { EvidenceRecord } from '@jokbo/contracts';
import { alignmentMap, IN_PLACE, indexPart, type AlignmentMap } from './alignment-map.js';
import { widthOf } from './hidden-units.js';
import type { BlockPair } from './feed-forward-blocks.js';
import type { ModelPair } from './model-pair.js';

/** A block counts as followed from here on; the same bounds as for any block. */
const BLOCK_Z = 8;
const BLOCK_R = 0.2;

/** Hidden units of one block that were matched, as indices of either side. */
export interface UnitMatching {
  readonly pair: BlockPair;
  readonly own: readonly number[];
  readonly other: readonly number[];
  /** −1 where the up row has the other sign; absent where signs play no part. */
  readonly signs?: ArrayLike<number>;
}

/** Records with the order of hidden units that they found, and that order as an artefact; null where nothing follows. */
export interface WithHiddenOrder {
  readonly records: readonly EvidenceRecord[];
  readonly map: AlignmentMap | null;
}

/** Names and exports the order of hidden units in the blocks that follow it by any of the statistics. */
export function withHiddenOrder(
  pair: ModelPair,
  records: readonly EvidenceRecord[],
  matchings: readonly UnitMatching[],
): WithHiddenOrder {
  const follows = new Set(
    records.flatMap(({ blocks }) =>
      blocks.flatMap(({ key, z, r }) => ((z ?? 0) >= BLOCK_Z && (r ?? 0) >= BLOCK_R ? [key] : [])),
    ),
  );
  const followed = matchings.filter((matching) => follows.has(matching.pair.own.key));
  if (followed.length === 0) return { records, map: null };
  const name = orderName(followed);
  const parts = followed.map(({ pair: { own, other }, own: rows, other: columns, signs }) => {
    const order = Array.from<number | null>({ length: widthOf(own) }).fill(null);
    const changed = new Int8Array(order.length).fill(1);
    rows.forEach((row, at) => {
      order[row] = columns[at] ?? null;
      changed[row] = signs?.[at] ?? 1;
    });
    return indexPart(own.key, other.key, order, signs === undefined ? null : changed);
  });
  const map = alignmentMap(pair, 'hidden_units', name, parts);
  const details = { alignment: name, alignment_digest: map.digest };
  const named = records.map((record) =>
    record.status === 'measured' ? { ...record, details: { ...record.details, ...details } } : record,
  );
  return { records: named, map };
}

/** What was done to hidden units and experts, in words. */
function orderName(matchings: readonly UnitMatching[]): string {
  const pruned = matchings.some(({ pair: { own, other } }) => widthOf(own) !== widthOf(other));
  const moved = matchings.some(({ own, other }) => own.some((unit, at) => unit !== other[at]));
  const experts = matchings.some(({ pair: { own, other } }) => own.expert !== other.expert);
  const units = pruned ? 'hidden width pruning' : moved ? 'hidden units permuted' : IN_PLACE;
  if (!experts) return units;
  return units === IN_PLACE ? 'experts permuted' : `${units}, experts permuted`;
}
