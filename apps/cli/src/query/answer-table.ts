import type { QueryAnswer, QueryValue } from '@jokbo/database';
import { visibleText } from '@jokbo/report';

/** A table is for reading; what is longer is for a file. */
const MAX_ROWS = 1000;
/** UTF-16 code units of a cell: a digest fits. */
const MAX_CELL = 64;
/** The narrowest that a column is made for the sake of a narrow terminal. */
const NARROWEST_COLUMN = 8;
/** East Asian wide and full-width characters take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** An answer as an aligned table: numbers to the right, NULL as `NULL`, at most 1000 rows. */
export async function answerTable(
  { columns, batches }: QueryAnswer,
  width: number,
): Promise<{ readonly text: string; readonly cut: string | null }> {
  const rows: (readonly QueryValue[])[] = [];
  let more = false;
  for await (const batch of batches) {
    more = rows.length + batch.length > MAX_ROWS;
    rows.push(...batch.slice(0, MAX_ROWS - rows.length));
    if (more) break;
  }
  const head = columns.map((name) => visibleText(name, MAX_CELL));
  const cells = rows.map((row) => row.map(cellText));
  const widths = fitWidths(
    head.map((name, index) =>
      cells.reduce((longest, row) => Math.max(longest, columnsOf(row[index] ?? '')), columnsOf(name)),
    ),
    width,
  );
  const right = columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, right[index] === true))
      .join('  ')
      .trimEnd();
  const rule = widths.map((length) => '-'.repeat(length)).join('  ');
  const count = `(${rows.length}${more ? ' of more' : ''} ${rows.length === 1 ? 'row' : 'rows'})`;
  return {
    text: `${[line(head), rule, ...cells.map(line), count].join('\n')}\n`,
    cut: more ? `the table ends after ${rows.length} rows: --format csv or json gives all` : null,
  };
}

function cellText(value: QueryValue): string {
  if (value === null) return 'NULL';
  return visibleText(typeof value === 'string' ? value : JSON.stringify(value), MAX_CELL);
}

/** The widest columns give way until the line fits, or none is left to give. */
function fitWidths(widths: readonly number[], width: number): number[] {
  const fitted = [...widths];
  const excess = (): number => fitted.reduce((sum, one) => sum + one + 2, -2) - width;
  while (excess() > 0) {
    const widest = Math.max(...fitted);
    if (widest <= NARROWEST_COLUMN) break;
    fitted[fitted.indexOf(widest)] = Math.max(NARROWEST_COLUMN, widest - excess());
  }
  return fitted;
}

function pad(text: string, width: number, right: boolean): string {
  const fitting = columnsOf(text) > width ? shorten(text, width) : text;
  const space = ' '.repeat(Math.max(0, width - columnsOf(fitting)));
  return right ? `${space}${fitting}` : `${fitting}${space}`;
}

function shorten(text: string, width: number): string {
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept) + columnsOf(character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnsOf(text: string): number {
  return Array.from(text).length + (text.match(WIDE)?.length ?? 0);
}
