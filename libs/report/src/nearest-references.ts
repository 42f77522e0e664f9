import type { LeaderboardRow } from '@jokbo/contracts';
import type { DocumentLookup } from './document-lookup.js';
import type { Translate } from './messages.js';

/** Most references that one cell or sentence names where several tie. */
export const NAMED_TIES = 4;

/** The references that stand nearest to a release: of one class and one share where there are several. */
export interface NearestReferences {
  /** Ids by falling effect, at most {@link NAMED_TIES}. */
  readonly named: readonly string[];
  /** How many tie beyond those. */
  readonly more: number;
}

/** The nearest reference of a release, or all that tie; null where it is linked to none. */
export function nearestReferences(row: LeaderboardRow): NearestReferences | null {
  if (row.nearest === null) return null;
  const all = row.nearest_ties ?? [row.nearest];
  return { named: all.slice(0, NAMED_TIES), more: Math.max(0, all.length - NAMED_TIES) };
}

/**
 * The same in words: names, how many more there are, and that they tie. `name` makes untrusted text safe for the
 * medium.
 */
export function nearestText(
  lookup: DocumentLookup,
  row: LeaderboardRow,
  t: Translate,
  name: (text: string) => string,
): string {
  const nearest = nearestReferences(row);
  if (nearest === null) return t('none');
  const references = nearest.named.map((id) => name(lookup.nameOf(id))).join(', ');
  if (nearest.more > 0) return t('nearest_tied_more', { references, count: nearest.more });
  return nearest.named.length > 1 ? t('nearest_tied', { references }) : references;
}
