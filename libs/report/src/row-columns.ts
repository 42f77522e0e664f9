import type { TextCell, TextColumn } from './text-table.js';

/** Makes columns of a table whose rows are things of one kind. */
export function rowColumns<Row>(rows: readonly Row[]) {
  return (
    head: string,
    group: number,
    least: number | null,
    align: 'left' | 'right',
    draw: (row: Row) => TextCell,
  ): TextColumn => ({
    head,
    group,
    least,
    align,
    cells: rows.map(draw),
  });
}
