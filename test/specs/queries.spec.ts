import { validateResult } from '@jokbo/activities';
import { main } from '@jokbo/cli';
import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import { documentedQueries } from '@jokbo/tools';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

/** An audit of the zoo cut down to four releases and four references, and its re-evaluation under `round-1`. */
const ZOO_RESULTS = new URL('../fixtures/zoo-results.json.br', import.meta.url);
/** The documents of its fingerprints. */
const ZOO_FINGERPRINTS = new URL('../fixtures/zoo-fingerprints.json.br', import.meta.url);
const QUERIES = await documentedQueries();

let folder = '';
beforeAll(async () => {
  for (const name of ['DATABASE_URL', 'JOKBO_ANALYST_URL']) vi.stubEnv(name, '');
  folder = await mkdtemp(join(tmpdir(), 'jokbo-queries-'));
  const documents = await unpacked<ResultDocument>(ZOO_RESULTS);
  const fingerprints = new Map(
    (await unpacked<string>(ZOO_FINGERPRINTS)).map((document) => [sha256(document), Buffer.from(document)]),
  );
  const database = await openDatabase({ directory: join(folder, 'postgres') });
  for (const document of documents) {
    validateResult(document);
    const published = await publish(database.db, document, sha256(canonicalJson(document)), (digest) =>
      Promise.resolve(fingerprints.get(digest) ?? null),
    );
    expect(published.withoutTensors).toEqual([]);
  }
  await database.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('docs/queries.md asks eleven questions', () => {
  expect(QUERIES).toHaveLength(11);
});

it.each(QUERIES)('docs/queries.md answers $question', async ({ statement, answer }) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await main(['query', statement, '--work', folder], { stdout, stderr });
  stdout.end();
  stderr.end();
  expect(await text(stderr)).toBe('');
  expect(status).toBe(0);
  expect(await text(stdout)).toBe(answer);
});

function sha256(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

async function unpacked<T>(file: URL): Promise<T[]> {
  return JSON.parse(brotliDecompressSync(await readFile(file)).toString('utf8')) as T[];
}
