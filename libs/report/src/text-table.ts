import stringWidth from 'string-width';
import type { TerminalStyle } from './terminal-style.js';
import type { Tone } from './verdict-marks.js';
import { wrapText } from './wrap-text.js';

/** Columns between two cells. */
const GAP = 1;
/** Lines of one cell; a longer name is cut, and stands in full below the table. */
const CELL_LINES = 5;

export interface TextCell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Smallest width to which it may be wrapped; null = never narrower than its widest cell. */
  readonly least: number | null;
  /** Columns of one group stay in one table. Group 0 is the key, repeated in every table. */
  readonly group: number;
  readonly cells: readonly TextCell[];
}

interface SizedColumn {
  readonly column: TextColumn;
  readonly natural: number;
  readonly least: number;
}

function measure(column: TextColumn): SizedColumn {
  const natural = Math.max(
    ...[column.head, ...column.cells.flatMap((cell) => cell.text.split('\n'))].map((text) =>
      stringWidth(text),
    ),
  );
  return { column, natural, least: column.least === null ? natural : Math.min(natural, column.least) };
}

function leastTotal(columns: readonly SizedColumn[]): number {
  return columns.reduce((sum, column) => sum + column.least, GAP * Math.max(0, columns.length - 1));
}

/** True if every column fits beside every other in `width` terminal columns. */
export function fitsOneTable(columns: readonly TextColumn[], width: number): boolean {
  return leastTotal(columns.map(measure)) <= width;
}

/** Takes width from the widest column that can give, until the table fits. */
function chooseWidths(columns: readonly SizedColumn[], width: number): number[] {
  const widths = columns.map((column) => column.natural);
  let excess = widths.reduce((sum, item) => sum + item, GAP * (columns.length - 1)) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const size = widths[index] ?? 0;
      if (size > column.least && size > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function cellLines(text: string, width: number): string[] {
  const lines = text.split('\n').flatMap((line) => wrapText(line, width));
  if (lines.length <= CELL_LINES) return lines;
  const mark = '..';
  const last = wrapText(lines[CELL_LINES - 1] ?? '', Math.max(1, width - mark.length))[0] ?? '';
  return [...lines.slice(0, CELL_LINES - 1), `${last}${mark}`];
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

function drawRow(
  cells: readonly TextCell[],
  columns: readonly SizedColumn[],
  widths: readonly number[],
  style: TerminalStyle,
): string[] {
  const wrapped = cells.map((cell, index) => cellLines(cell.text, widths[index] ?? 1));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, lineIndex) =>
    wrapped
      .map((lines, index) => {
        const padded = pad(
          lines[lineIndex] ?? '',
          widths[index] ?? 1,
          columns[index]?.column.align ?? 'left',
        );
        const tone = cells[index]?.tone;
        return tone === undefined ? padded : style.paint(tone, padded);
      })
      .join(' '.repeat(GAP)),
  );
}

function drawTable(columns: readonly SizedColumn[], width: number, style: TerminalStyle): string[] {
  const widths = chooseWidths(columns, width);
  const total = widths.reduce((sum, item) => sum + item, GAP * (columns.length - 1));
  const rule = style.paint('quiet', style.rule.repeat(total));
  const head = drawRow(
    columns.map(({ column }) => ({ text: column.head })),
    columns,
    widths,
    style,
  ).map((line) => style.strong(line));
  const rows = Array.from({ length: columns[0]?.column.cells.length ?? 0 }, (_, row) =>
    drawRow(
      columns.map(({ column }) => column.cells[row] ?? { text: '' }),
      columns,
      widths,
      style,
    ),
  );
  const separated = rows.filter((lines) => lines.length > 1).length * 2 > rows.length;
  return [
    ...head,
    rule,
    ...rows.flatMap((lines, index) => (separated && index > 0 ? [rule, ...lines] : lines)),
  ];
}

/**
 * Draws columns as one table, or, where they do not fit beside one another, as several that repeat the key
 * columns. All lines of one table have the same display width.
 */
export function drawTables(columns: readonly TextColumn[], width: number, style: TerminalStyle): string[][] {
  const sized = columns.map(measure);
  const key = sized.filter(({ column }) => column.group === 0);
  const inOrder = (table: readonly SizedColumn[]) => sized.filter((column) => table.includes(column));
  const groups = [...new Set(columns.map((column) => column.group))].filter((group) => group !== 0);
  const tables: SizedColumn[][] = [];
  let current = key;
  for (const group of groups) {
    const members = sized.filter(({ column }) => column.group === group);
    if (current.length > key.length && leastTotal([...current, ...members]) > width) {
      tables.push(current);
      current = key;
    }
    current = [...current, ...members];
  }
  tables.push(current);
  return tables.map((table) => drawTable(inOrder(table), width, style));
}
