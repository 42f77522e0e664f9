import type { QueryAnswer, QueryValue } from '@jokbo/database';
import { stringify } from 'csv-stringify/sync';

/**
 * An answer as CSV (RFC 4180) with a line of names, a batch of rows at a time. NULL is an empty cell, an array or
 * object its JSON. A text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export async function* answerCsv({ columns, batches }: QueryAnswer): AsyncGenerator<string, void> {
  yield csvLines([columns]);
  for await (const rows of batches) yield csvLines(rows);
}

function csvLines(rows: readonly (readonly QueryValue[])[]): string {
  return stringify([...rows], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: String, object: (value) => JSON.stringify(value) },
  });
}
