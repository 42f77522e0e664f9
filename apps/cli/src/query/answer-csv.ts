import type { QueryAnswer, QueryValue } from '@jokbo/database';
import { visibleText, withEscapes } from '@jokbo/report';
import { stringify } from 'csv-stringify/sync';

/**
 * An answer as CSV (RFC 4180) with a line of names, a batch of rows at a time. NULL is an empty cell, an array or
 * object its JSON. A text that a spreadsheet would run as a formula gets an apostrophe in front;
 * characters that a terminal acts on are visible escapes, as in exports.
 */
export async function* answerCsv({ columns, batches }: QueryAnswer): AsyncGenerator<string, void> {
  yield csvLines([columns.map(visible)]);
  for await (const rows of batches) yield csvLines(rows);
}

function csvLines(rows: readonly (readonly QueryValue[])[]): string {
  const shown = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? visible(cell) : cell)));
  return stringify(shown, {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: String, object: (value) => withEscapes(JSON.stringify(value)) },
  });
}

function visible(text: string): string {
  return visibleText(text, Infinity);
}
