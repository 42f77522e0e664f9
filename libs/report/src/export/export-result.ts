import type { ExportFormat, ResultDocument } from '@jokbo/contracts';
import type { Language } from '../messages.js';
import { exportCsv } from './export-csv.js';
import { exportJsonl } from './export-jsonl.js';
import { exportMarkdown } from './export-markdown.js';
import { exportParquet } from './export-parquet.js';
import { exportSarif } from './export-sarif.js';
import { exportSpdx } from './export-spdx.js';
import { plainJson } from './plain-json.js';

export interface ExportOptions {
  /** Language of `md`; default that of the programme. */
  readonly language?: Language | undefined;
  /** Byte order mark before `csv`. */
  readonly bom?: boolean | undefined;
  /** Creation time of `spdx`, in seconds since 1970; default 0, since a result document has no time. */
  readonly created?: number | undefined;
}

/**
 * One result document in one form. Only `parquet` is binary; the same document gives the same bytes.
 *
 * @throws UsageError where the form has no place for all of it (`sarif`).
 */
export function exportResult(
  document: ResultDocument,
  format: ExportFormat,
  options: ExportOptions = {},
): string | Uint8Array {
  switch (format) {
    case 'json':
      return `${plainJson(document)}\n`;
    case 'jsonl':
      return exportJsonl(document);
    case 'csv':
      return exportCsv(document, { bom: options.bom });
    case 'parquet':
      return exportParquet(document);
    case 'md':
      return exportMarkdown(document, options.language);
    case 'sarif':
      return exportSarif(document);
    case 'spdx':
      return exportSpdx(document, { created: options.created });
  }
}
