import type { ResultDocument } from '@jokbo/contracts';
import { stringify } from 'csv-stringify/sync';
import { COMPONENT_COLUMNS, componentRows } from './component-rows.js';

export interface CsvOptions {
  /** Starts with a byte order mark, by which Excel knows UTF-8; a Korean Excel reads CP949 otherwise. */
  readonly bom?: boolean | undefined;
}

/**
 * The table of component × reference as CSV (RFC 4180, UTF-8, header line). A figure that was not measured is an empty
 * field; `declared` is `true` or `false`. Texts that a spreadsheet would take for a formula get a leading `'`; negative
 * numbers stay numbers.
 */
export function exportCsv(document: ResultDocument, options: CsvOptions = {}): string {
  return stringify(componentRows(document), {
    header: true,
    columns: Object.keys(COMPONENT_COLUMNS),
    record_delimiter: '\r\n',
    bom: options.bom === true,
    escape_formulas: true,
    cast: { boolean: String },
  });
}
