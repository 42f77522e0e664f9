import { DatabaseUnavailable } from '@jokbo/contracts';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJournal } from './journal.js';
import { MIGRATIONS_FOLDER } from './migrate-database.js';
import * as tables from './schema/tables.js';

describe('readJournal', () => {
  let folder = '';
  const write = (text: string) => writeFile(join(folder, 'meta', '_journal.json'), text);
  const entries = (...list: readonly (readonly [number, number])[]) =>
    JSON.stringify({ entries: list.map(([idx, when]) => ({ idx, when, tag: `m${idx}` })) });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jokbo-journal-'));
    await mkdir(join(folder, 'meta'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('accepts contiguous entries at increasing times', async () => {
    await write(entries([0, 5], [1, 6]));
    expect(await readJournal(folder)).toHaveLength(2);
  });

  it.each([
    ['a gap in idx', entries([0, 5], [2, 6])],
    ['a doubled idx', entries([0, 5], [0, 6])],
    ['equal times', entries([0, 5], [1, 5])],
    ['times out of order', entries([0, 6], [1, 5])],
    ['a missing time', '{"entries":[{"idx":0,"tag":"m0"}]}'],
    ['no entries', '{}'],
    ['a torn file', '{"entries":['],
  ])('refuses %s', async (_name, text) => {
    await write(text);
    await expect(readJournal(folder)).rejects.toThrow(DatabaseUnavailable);
  });
});

describe('the committed migrations', () => {
  it('have a sound journal with no time in the future', async () => {
    const journal = await readJournal(MIGRATIONS_FOLDER);
    expect(journal.filter((entry) => entry.when > Date.now())).toEqual([]);
  });

  it('make the tables that the schema describes', async () => {
    const last = (await readJournal(MIGRATIONS_FOLDER)).at(-1);
    const name = `${String(last?.idx).padStart(4, '0')}_snapshot.json`;
    const committed: unknown = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', name), 'utf8'));
    const described: unknown = generateDrizzleJson(tables);
    expect(await generateMigration(committed, described)).toEqual([]);
  });
});
