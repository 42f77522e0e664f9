import { describe, expect, it } from 'vitest';
import { readTable } from '../../specs/read-table.js';
import { resultDocument } from '../../specs/result-document.js';
import { COMPONENT_COLUMNS, resultDigest } from './component-rows.js';
import { exportParquet } from './export-parquet.js';

const NAMES = { text: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', flag: 'BOOLEAN' };

describe('exportParquet, read by DuckDB', () => {
  const document = resultDocument();
  const bytes = exportParquet(document);

  it('has the columns of the table in their order and types', async () => {
    const rows = await readTable('x.parquet', bytes, 'describe select * from {file}');
    expect(rows.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      Object.entries(COMPONENT_COLUMNS).map(([name, type]) => [name, NAMES[type]]),
    );
  });

  it('answers a question by SQL', async () => {
    const [row] = await readTable(
      'x.parquet',
      bytes,
      "select count(*)::int as n, sum(bytes_identical)::bigint as b from {file} where verdict = 'identical'",
    );
    expect(row).toEqual({ n: 1, b: '1610612736' });
  });

  it('keeps what was not measured as null', async () => {
    const [row] = await readTable(
      'x.parquet',
      bytes,
      "select count(*)::int as n, count(z)::int as z from {file} where verdict = 'not_comparable'",
    );
    expect(row?.['n']).toBeGreaterThan(0);
    expect(row?.['z']).toBe(0);
  });

  it('says of which result it is', async () => {
    const rows = await readTable(
      'x.parquet',
      bytes,
      'select key::varchar as key, value::varchar as value from parquet_kv_metadata({file})',
    );
    expect(rows).toContainEqual({ key: 'jokbo.result_sha256', value: resultDigest(document) });
  });

  it('has a table of no rows for an audit without pairs', async () => {
    const empty = exportParquet({ ...document, pairs: [] });
    expect(await readTable('x.parquet', empty, 'select count(*)::int as n from {file}')).toEqual([{ n: 0 }]);
  });
});
