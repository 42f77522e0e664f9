/** Forms in which a result document is exported. */
export const EXPORT_FORMATS = ['json', 'jsonl', 'csv', 'parquet', 'md', 'sarif', 'spdx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
