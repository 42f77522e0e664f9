import type { QueryAnswer, QueryValue } from '@jokbo/database';

/** What makes a spreadsheet take a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/**
 * An answer as CSV (RFC 4180) with a line of names, a batch of rows at a time. NULL is an empty cell, an array or
 * object its JSON. A text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export async function* answerCsv({ columns, batches }: QueryAnswer): AsyncGenerator<string, void> {
  yield csvLine(columns);
  for await (const rows of batches) yield rows.map(csvLine).join('');
}

function csvLine(values: readonly QueryValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: QueryValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const plain = typeof value === 'string' ? value : JSON.stringify(value);
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
