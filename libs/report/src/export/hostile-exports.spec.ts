import { EXPORT_FORMATS } from '@jokbo/contracts';
import { Lexer, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS, hostileDocument } from '../../specs/hostile-document.js';
import { readTable } from '../../specs/read-table.js';
import { schemaProblems } from '../../specs/schema-problems.js';
import { exportResult } from './export-result.js';

const document = hostileDocument();
const ROWS = document.pairs.reduce((sum, { verdict }) => sum + verdict.components.length, 0);

/** Control and format characters but the ends of lines. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('hostile texts in ids, names and sentences', () => {
  it.each(EXPORT_FORMATS.filter((format) => format !== 'parquet'))(
    '%s holds no character that moves a cursor or reverses text',
    (format) => {
      const text = String(exportResult(document, format));
      const found = [...text.replaceAll('\n', '').replaceAll('\r', '').matchAll(new RegExp(INVISIBLE, 'gu'))];
      expect(found.map(([character]) => character.codePointAt(0))).toEqual([]);
    },
  );

  it('json gives back every text as it was', () => {
    expect(JSON.parse(String(exportResult(document, 'json')))).toEqual(document);
  });

  it('csv keeps its rows and columns, and no text is a formula', async () => {
    const csv = exportResult(document, 'csv');
    const rows = await readTable('x.csv', csv, 'select * from read_csv({file}, all_varchar = true)');
    expect(rows).toHaveLength(ROWS);
    for (const row of rows) {
      expect(Object.keys(row)).toHaveLength(40);
      for (const [column, value] of Object.entries(row)) {
        if (typeof value !== 'string' || /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(value)) continue;
        expect(`${column} ${value}`).not.toMatch(/^\w+ [=+\-@\t\r\n＝＋－＠]/);
      }
    }
    expect(rows.some(({ release }) => JSON.stringify(release).startsWith(`"'=HYPERLINK`))).toBe(true);
  });

  it('parquet and jsonl hold the texts as data', async () => {
    const statement = 'select distinct release from {file}';
    for (const name of ['x.parquet', 'x.jsonl']) {
      const format = name === 'x.parquet' ? 'parquet' : 'jsonl';
      const rows = await readTable(name, exportResult(document, format), statement);
      expect(rows).toHaveLength(document.leaderboard.length);
      for (const { release } of rows) expect(release).toEqual(expect.not.stringMatching(INVISIBLE));
    }
  });

  it('md has its own headings, lists and tables, and nothing else', () => {
    const markdown = String(exportResult(document, 'md', { language: 'en' }));
    const found = { types: new Set<string>(), headings: 0, tables: 0, cells: new Set<number>() };
    const visit = (tokens: readonly Token[]): void => {
      for (const token of tokens) {
        found.types.add(token.type);
        if (token.type === 'heading') found.headings += 1;
        if (token.type === 'table') {
          const { header, rows } = token as { header: unknown[]; rows: { tokens: Token[] }[][] };
          found.tables += 1;
          for (const row of rows) {
            found.cells.add(row.length - header.length);
            for (const cell of row) visit(cell.tokens);
          }
        }
        if (token.type === 'list') visit((token as { items: Token[] }).items);
        if ('tokens' in token && token.tokens !== undefined) visit(token.tokens);
      }
    };
    visit(new Lexer().lex(markdown));
    for (const type of [
      'html',
      'link',
      'image',
      'code',
      'codespan',
      'strong',
      'em',
      'del',
      'hr',
      'blockquote',
    ]) {
      expect(found.types).not.toContain(type);
    }
    expect(found.headings).toBe(5 + document.leaderboard.length);
    expect(found.tables).toBe(1 + document.leaderboard.length);
    expect([...found.cells]).toEqual([0]);
    expect(markdown.match(/^\| /gm)).toHaveLength(
      ROWS + document.leaderboard.length + 2 * (1 + document.leaderboard.length),
    );
  });

  it('sarif stays valid, and messages hold no link and no argument', () => {
    const text = String(exportResult(document, 'sarif'));
    expect(schemaProblems('sarif', text)).toEqual([]);
    const { runs } = JSON.parse(text) as { runs: { results: { message: { text: string } }[] }[] };
    for (const { message } of runs.flatMap((run) => run.results)) {
      const plain = message.text.replace(/\\./g, '').replaceAll('{{', '').replaceAll('}}', '');
      expect(plain).not.toMatch(/[[\]{}]/);
    }
  });

  it('spdx stays valid', () => {
    expect(schemaProblems('spdx', String(exportResult(document, 'spdx')))).toEqual([]);
  });

  it('has a text of every kind in use', () => {
    for (const text of HOSTILE_TEXTS) expect(document.caveats).toContain(text);
  });
});
