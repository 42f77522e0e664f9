import { brokenColumns, publishedColumns, type PublishedColumns } from '@jokbo/database';
import { readFile, writeFile } from 'node:fs/promises';
import { dictionaryDocument } from './dictionary-document.js';
import { readDictionary } from './read-dictionary.js';

/** Writes docs/data-dictionary.md, and stores the columns that are public from now on. */
const root = new URL('../../../', import.meta.url);
const published = new URL('libs/database/report-v1.json', root);
const { schema, korean } = await readDictionary();
const now = publishedColumns(schema);
const before = JSON.parse(await readFile(published, 'utf8')) as PublishedColumns;
const broken = brokenColumns(before, now);
if (broken.length > 0) {
  throw new RangeError(`report_v1 only ever grows; a break opens report_v2: ${broken.join('; ')}`);
}
await writeFile(new URL('docs/data-dictionary.md', root), dictionaryDocument(schema, korean));
await writeFile(published, `${JSON.stringify(now, null, 1)}\n`);
