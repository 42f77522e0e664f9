import type { LayerMap } from '@jokbo/contracts';

/**
 * The cells of a map as CSV (RFC 4180): a row per cell, row-major. A cell that is undefined is empty. There are numbers
 * alone, so that nothing in it is a formula.
 */
export function mapCsv(map: LayerMap): string {
  const rowOf = (row: number): number => map.row_layers?.[row] ?? row;
  const columnOf = (column: number): number => map.column_layers?.[column] ?? column;
  const lines = ['row_layer,column_layer,cosine,r,z'];
  for (let row = 0; row < map.rows; row += 1) {
    for (let column = 0; column < map.columns; column += 1) {
      const cell = row * map.columns + column;
      const figures = [map.cosine[cell], map.r[cell], map.z[cell]].map((value) => value ?? '');
      lines.push([rowOf(row), columnOf(column), ...figures].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
