import { checkCount } from './factor.js';
import type { LayerMap } from './layer-map.js';

/** What happened to a stack of layers on its way from B to A. */
export type LayerPattern = 'identity' | 'shift' | 'duplicated' | 'dropped' | 'inserted' | 're-ordered';

/** Rows first .. first + length − 1 of A are columns column .. column + length − 1 of B. */
export interface LayerRun {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

/** A layer map in words. */
export interface LayerMapPattern {
  /** Every pattern that applies, in the order of {@link LayerPattern}; empty when no layer is matched. */
  readonly patterns: readonly LayerPattern[];
  /** Column − row, where it is the same for every matched layer. */
  readonly offset: number | null;
  /** Layers of B with more than one descendant. */
  readonly duplicated: readonly { readonly column: number; readonly rows: readonly number[] }[];
  /** Layers of B without a descendant, between layers of A with nothing between them. */
  readonly dropped: readonly number[];
  /** Layers of A without an origin, between layers of B with nothing between them. */
  readonly inserted: readonly number[];
  /** Layers of A outside the longest rising chain that are no duplicates. */
  readonly reordered: readonly number[];
  /** Layers between the same two matched neighbours on either side: replaced, or too weak to be seen. */
  readonly unresolved: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  /** The map as contiguous pieces. */
  readonly runs: readonly LayerRun[];
}

/**
 * Names what a layer map shows. Its backbone is the longest strictly rising chain; columns used off the chain are
 * re-ordered, unless the chain holds them too: then they are duplicated. In each gap of the chain, unmatched rows
 * alone were inserted and unused columns alone dropped; both together are left unresolved.
 *
 * @param map layer of B for each layer of A, null where none.
 * @param columns layers of B.
 * @throws RangeError on a column outside 0 .. columns − 1.
 */
export function layerMapPattern(map: LayerMap, columns: number): LayerMapPattern {
  checkCount('columns', columns, 1);
  const rowsOf = new Map<number, number[]>();
  map.forEach((column, row) => {
    if (column === null) return;
    checkCount('column', column, 0);
    if (column >= columns) throw new RangeError(`row ${row} is mapped to column ${column} of ${columns}`);
    rowsOf.set(column, [...(rowsOf.get(column) ?? []), row]);
  });
  const chain = longestRisingChain(map);
  const chained = new Set(chain.map(({ column }) => column));
  const { dropped, inserted, unresolved } = gaps(map, columns, chain, rowsOf);
  const duplicated = [...rowsOf]
    .filter(([, rows]) => rows.length > 1)
    .map(([column, rows]) => ({ column, rows }))
    .sort((x, y) => x.column - y.column);
  const reordered = map.flatMap((column, row) => (column === null || chained.has(column) ? [] : [row]));
  const offsets = new Set(map.flatMap((column, row) => (column === null ? [] : [column - row])));
  const offset = offsets.size === 1 ? ([...offsets][0] ?? null) : null;
  const patterns: LayerPattern[] = [];
  if (rowsOf.size > 0) {
    if (offset === 0 && map.length === columns) patterns.push('identity');
    if (offset !== null && offset !== 0) patterns.push('shift');
    if (duplicated.length > 0) patterns.push('duplicated');
    if (dropped.length > 0) patterns.push('dropped');
    if (inserted.length > 0) patterns.push('inserted');
    if (reordered.length > 0) patterns.push('re-ordered');
  }
  return { patterns, offset, duplicated, dropped, inserted, reordered, unresolved, runs: runsOf(map) };
}

interface Link {
  readonly row: number;
  readonly column: number;
}

/** Longest strictly rising subsequence of the matched columns; the earliest rows among equally long ones. */
function longestRisingChain(map: LayerMap): Link[] {
  const links = map.flatMap((column, row) => (column === null ? [] : [{ row, column }]));
  const length = new Array<number>(links.length).fill(1);
  const next = new Array<number | null>(links.length).fill(null);
  for (let i = links.length - 1; i >= 0; i -= 1) {
    for (let j = i + 1; j < links.length; j += 1) {
      const rising = (links[j]?.column ?? -1) > (links[i]?.column ?? -1);
      if (rising && (length[j] ?? 0) + 1 > (length[i] ?? 0)) {
        length[i] = (length[j] ?? 0) + 1;
        next[i] = j;
      }
    }
  }
  const chain: Link[] = [];
  let at: number | null = links.length === 0 ? null : length.indexOf(Math.max(...length));
  while (at !== null) {
    const link = links[at];
    if (link !== undefined) chain.push(link);
    at = next[at] ?? null;
  }
  return chain;
}

/** What lies between neighbours of the chain, before its first and after its last link. */
function gaps(
  map: LayerMap,
  columns: number,
  chain: readonly Link[],
  used: ReadonlyMap<number, unknown>,
): Pick<LayerMapPattern, 'dropped' | 'inserted' | 'unresolved'> {
  const dropped: number[] = [];
  const inserted: number[] = [];
  const unresolved = { rows: [] as number[], columns: [] as number[] };
  let before: Link = { row: -1, column: -1 };
  for (const after of chain.length === 0 ? [] : [...chain, { row: map.length, column: columns }]) {
    const rows = range(before.row + 1, after.row).filter((row) => map[row] === null);
    const free = range(before.column + 1, after.column).filter((column) => !used.has(column));
    if (rows.length > 0 && free.length > 0) {
      unresolved.rows.push(...rows);
      unresolved.columns.push(...free);
    } else {
      inserted.push(...rows);
      dropped.push(...free);
    }
    before = after;
  }
  return { dropped, inserted, unresolved };
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
}

function runsOf(map: LayerMap): LayerRun[] {
  const runs: LayerRun[] = [];
  map.forEach((column, row) => {
    const last = runs.at(-1);
    if (column === null) return;
    if (last !== undefined && last.row + last.length === row && last.column + last.length === column) {
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    } else runs.push({ row, column, length: 1 });
  });
  return runs;
}
