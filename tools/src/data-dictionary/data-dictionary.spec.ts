import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { dictionaryDocument, missingTexts } from './dictionary-document.js';
import { readDictionary } from './read-dictionary.js';

it('the data dictionary is up to date (`npm run dictionary`), and lacks no text in either language', async () => {
  const { schema, korean } = await readDictionary();
  expect(missingTexts(schema, korean)).toEqual([]);
  const committed = await readFile(new URL('../../../docs/data-dictionary.md', import.meta.url), 'utf8');
  expect(dictionaryDocument(schema, korean)).toBe(committed);
});

it('tells which texts are missing, and which are of nothing', () => {
  const column = { name: 'x', type: 'text', comment: null };
  const schema = {
    comment: 'Schema.',
    views: [{ name: 'v', comment: null, columns: [column, { ...column, name: 'y', comment: 'Y.' }] }],
    functions: [{ name: 'f(bigint)', comment: 'F.', columns: [] }],
  };
  const korean = {
    schema: '스키마',
    common: { y: '와이' },
    views: { v: { text: '뷰', columns: { z: '없음' } }, w: { text: '없음', columns: {} } },
    functions: {},
  };
  const missing = [
    'v: English',
    'v.x: English',
    'v.x: Korean',
    'v.z: no such column',
    'f(bigint): Korean',
    'w: no such view',
  ];
  expect(missingTexts(schema, korean)).toEqual(missing);
  expect(() => dictionaryDocument(schema, korean)).toThrow(RangeError);
});
