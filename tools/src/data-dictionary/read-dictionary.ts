import { openDatabase, readReportSchema, type ReportSchema } from '@jokbo/database';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KoreanTexts } from './dictionary-document.js';

/** The path is the same from `src` and from `dist`. */
const KOREAN = new URL('../../src/data-dictionary/korean.json', import.meta.url);

/** `report_v1` as the committed migrations make it, in a database of its own, and the Korean texts. */
export async function readDictionary(): Promise<{
  readonly schema: ReportSchema;
  readonly korean: KoreanTexts;
}> {
  const korean = JSON.parse(await readFile(KOREAN, 'utf8')) as KoreanTexts;
  const directory = await mkdtemp(join(tmpdir(), 'jokbo-dictionary-'));
  try {
    const database = await openDatabase({ directory });
    try {
      return { schema: await readReportSchema(database.pool), korean };
    } finally {
      await database.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}
