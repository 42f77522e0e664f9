import type { ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { COMPONENT_COLUMNS } from './component-rows.js';
import { exportCsv } from './export-csv.js';

function named(release: string): ResultDocument {
  const document = resultDocument();
  return {
    ...document,
    pairs: document.pairs.slice(0, 1),
    models: document.models.map((model) => ({ ...model, name: release })),
  };
}

describe('exportCsv', () => {
  it('has a header in fixed order and lines that end as RFC 4180 says', () => {
    const lines = exportCsv(resultDocument()).split('\r\n');
    expect(lines[0]?.split(',')).toEqual(Object.keys(COMPONENT_COLUMNS));
    expect(lines.at(-1)).toBe('');
    expect(lines.join('')).not.toContain('\n');
  });

  it('starts with a byte order mark only where one is asked for', () => {
    const plain = exportCsv(resultDocument());
    expect(exportCsv(resultDocument(), { bom: true })).toBe(`\ufeff${plain}`);
    expect(plain.startsWith('result_sha256')).toBe(true);
  });

  it('leaves negative numbers as numbers and what was not measured empty', () => {
    const csv = exportCsv(resultDocument());
    expect(csv).toMatch(/,-143211\.5,/);
    expect(csv).not.toMatch(/,'-\d/);
    expect(csv).toContain(',not_comparable,,');
    expect(csv).not.toMatch(/,(null|NaN|undefined),/);
  });

  it.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '＝1', '＋1', '－1', '＠1'])('makes %s a text', (release) => {
    expect(exportCsv(named(release))).toContain(`,'${release},`);
  });

  it.each(['\t=1', '\r=1', '\n=1'])('keeps no character before a formula in %j', (release) => {
    const csv = exportCsv(named(release));
    expect(csv).toContain(`,\\u{${(release.codePointAt(0) ?? 0).toString(16)}}=1,`);
  });
});
