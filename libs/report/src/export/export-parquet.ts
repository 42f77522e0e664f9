import type { ResultDocument } from '@jokbo/contracts';
import { parquetWriteBuffer, type BasicType } from 'hyparquet-writer';
import {
  COMPONENT_COLUMNS,
  componentRows,
  resultDigest,
  type ColumnType,
  type ComponentColumn,
  type ComponentRow,
} from './component-rows.js';

const TYPES: Readonly<Record<ColumnType, BasicType>> = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
};

/** The table of component × reference as one Parquet file (Snappy). The same document gives the same bytes. */
export function exportParquet(document: ResultDocument): Uint8Array {
  const rows = componentRows(document);
  const names = Object.keys(COMPONENT_COLUMNS) as ComponentColumn[];
  const buffer = parquetWriteBuffer({
    columnData: names.map((name) => ({
      name,
      data: rows.map((row) => valueOf(row, name)),
      type: TYPES[COMPONENT_COLUMNS[name]],
      nullable: true,
    })),
    kvMetadata: [
      { key: 'jokbo.result_sha256', value: resultDigest(document) },
      { key: 'jokbo.schema_version', value: String(document.schema_version) },
    ],
    createdBy: 'jokbo',
  });
  return new Uint8Array(buffer);
}

function valueOf(row: ComponentRow, name: ComponentColumn): string | number | bigint | boolean | null {
  const value = row[name];
  return COMPONENT_COLUMNS[name] === 'integer' && typeof value === 'number' ? BigInt(value) : value;
}
