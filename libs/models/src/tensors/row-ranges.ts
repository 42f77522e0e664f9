/** Half-open range of rows, every `step`-th of them. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** A named part of a fused matrix and the rows that make it up. */
export interface RowPart {
  readonly name: string;
  readonly rows: readonly RowRange[];
}

/** Number of rows that the ranges cover. */
export function rowCount(rows: readonly RowRange[]): number {
  return rows.reduce((total, { start, end, step }) => total + Math.ceil((end - start) / (step ?? 1)), 0);
}

/** Parts that follow one another: [first; second; …]. */
export function consecutiveParts(sizes: readonly (readonly [string, number])[]): readonly RowPart[] {
  let start = 0;
  return sizes.map(([name, size]) => {
    const part = { name, rows: [{ start, end: start + size }] };
    start += size;
    return part;
  });
}

/** Parts that repeat group by group: [a₀; b₀; a₁; b₁; …]; sizes are rows per group. */
export function repeatedParts(
  groups: number,
  sizes: readonly (readonly [string, number])[],
): readonly RowPart[] {
  const period = sizes.reduce((total, [, size]) => total + size, 0);
  return consecutiveParts(sizes).map(({ name, rows }) => ({
    name,
    rows: Array.from({ length: groups }, (_, group) =>
      rows.map(({ start, end }) => ({ start: start + group * period, end: end + group * period })),
    ).flat(),
  }));
}
