import { describe, expect, it } from 'vitest';
import { readTable } from '../../specs/read-table.js';
import { resultDocument } from '../../specs/result-document.js';
import { lookUp } from '../document-lookup.js';
import { translator, LANGUAGES } from '../messages.js';
import { tellPhrase } from '../words/result-words.js';
import { formatExact, formatLog10P, formatR, formatZ } from '../numbers.js';
import { exportResult } from './export-result.js';
import { markdownText } from './markdown-text.js';

/** What every form must say of a component against a reference. */
interface Fact {
  readonly subject: unknown;
  readonly reference: unknown;
  readonly component: unknown;
  readonly verdict: unknown;
  readonly z: unknown;
  readonly log10_p: unknown;
  readonly r: unknown;
  readonly bytes_identical: unknown;
}

const document = resultDocument();

const FACTS: readonly Fact[] = document.pairs.flatMap(({ subject, reference, verdict }) =>
  verdict.components.map(({ component, verdict: own, z, log10_p, r, bytes_identical }) => ({
    ...{ subject, reference, component, verdict: own },
    ...{ z, log10_p, r, bytes_identical },
  })),
);

/** The figures of a row; DuckDB gives 64-bit integers as text. */
function factOf(row: object): Fact {
  const of = row as Fact;
  return {
    subject: of.subject,
    reference: of.reference,
    component: of.component,
    verdict: of.verdict,
    z: of.z,
    log10_p: of.log10_p,
    r: of.r,
    bytes_identical: Number(of.bytes_identical),
  };
}

function textOf(format: Parameters<typeof exportResult>[1]): string {
  return String(exportResult(document, format, { language: 'en' }));
}

describe('the same facts in every form', () => {
  it('has facts of every kind to compare', () => {
    expect(FACTS.length).toBeGreaterThan(200);
    expect(FACTS.some(({ z }) => z === null)).toBe(true);
    expect(FACTS.some(({ z }) => Number(z) < 0)).toBe(true);
    expect(FACTS.some(({ bytes_identical }) => Number(bytes_identical) > 2 ** 32)).toBe(false);
    expect(FACTS.some(({ bytes_identical }) => Number(bytes_identical) > 0)).toBe(true);
    expect(new Set(FACTS.map(({ verdict }) => verdict)).size).toBe(8);
  });

  it('json is the result document itself', () => {
    expect(JSON.parse(textOf('json'))).toEqual(document);
  });

  it('jsonl', async () => {
    const lines = textOf('jsonl').trimEnd().split('\n');
    expect(lines.map((line) => factOf(JSON.parse(line) as object))).toEqual(FACTS);
    expect((await readTable('x.jsonl', textOf('jsonl'))).map(factOf)).toEqual(FACTS);
  });

  it('csv, as DuckDB reads it', async () => {
    expect((await readTable('x.csv', textOf('csv'))).map(factOf)).toEqual(FACTS);
  });

  it('parquet, as DuckDB reads it', async () => {
    expect((await readTable('x.parquet', exportResult(document, 'parquet'))).map(factOf)).toEqual(FACTS);
  });

  it('sarif', () => {
    const { runs } = JSON.parse(textOf('sarif')) as {
      runs: { results: { properties: object; message: { text: string } }[] }[];
    };
    const results = runs.flatMap((run) => run.results);
    expect(results.map(({ properties }) => factOf(properties))).toEqual(FACTS);
    for (const [at, { message }] of results.entries()) {
      const z = formatZ(FACTS[at]?.z as number | null);
      expect(message.text).toContain(z === null ? 'not measured' : `z ${z}`);
    }
  });

  it('spdx', () => {
    const graph = JSON.parse(textOf('spdx')) as { '@graph': { type: string; statement: string }[] };
    const rows = graph['@graph']
      .filter(({ type }) => type === 'Annotation')
      .flatMap(({ statement }) => JSON.parse(statement) as object[]);
    expect(rows.map(factOf)).toEqual(FACTS);
  });

  it.each(LANGUAGES)('md in %s, with figures as every report shows them', (language) => {
    const t = translator(language);
    const { nameOf } = lookUp(document);
    const markdown = String(exportResult(document, 'md', { language }));
    for (const row of document.leaderboard) {
      const [, section = ''] = markdown.split(`\n### ${markdownText(row.release)} (`);
      const lines = section.split('\n### ')[0]?.split('\n') ?? [];
      const own = document.pairs.filter(({ subject }) => subject === row.subject);
      const expected = own.flatMap(({ reference, verdict }) =>
        verdict.components.map((item) => [
          markdownText(nameOf(reference)),
          t(`component_${item.component}`),
          t(`verdict_${item.verdict}`),
          item.statistic === null ? t('none') : markdownText(tellPhrase(item.statistic, language)),
          formatZ(item.z) ?? t('not_measured'),
          formatLog10P(item.log10_p) ?? t('not_measured'),
          formatR(item.r) ?? t('not_measured'),
          formatExact(item.bytes_identical),
        ]),
      );
      const table = lines.filter((line) => line.startsWith('| ')).slice(2);
      expect(table.map((line) => line.slice(2, -2).split(' | '))).toEqual(expected);
    }
  });

  it('gives the same bytes for the same document', () => {
    for (const format of ['jsonl', 'csv', 'parquet', 'md', 'sarif', 'spdx'] as const) {
      expect(exportResult(document, format)).toEqual(exportResult(structuredClone(document), format));
    }
  });
});
