import { canonicalJson, DatabaseUnavailable } from '@jokbo/contracts';
import { beforeAll, expect, it } from 'vitest';
import { describeOnDatabase } from '../specs/describe-on-database.js';
import { digestOf, exampleDocument } from '../specs/example-document.js';
import { loadParts } from './load-parts.js';
import { openDatabase } from './open-database.js';
import { publish } from './publish/publish.js';

describeOnDatabase('loadParts', (database) => {
  const document = exampleDocument('parts');
  const digest = digestOf(document);

  beforeAll(async () => {
    await publish(database.db, document, digest);
  });

  it('gives all parts together as the document, byte for byte', async () => {
    const whole = await loadParts(database.db, digest, { records: true, blocks: true, maps: true });
    expect(canonicalJson(whole)).toBe(canonicalJson(document));
  });

  it('gives what is wanted, and leaves empty what is not', async () => {
    const outline = await loadParts(database.db, digest, {});
    expect(outline?.pairs).toEqual(document.pairs.map((pair) => ({ ...pair, evidence: [], maps: [] })));
    expect({ ...outline, pairs: [] }).toEqual({ ...document, pairs: [] });
    const one = await loadParts(database.db, digest, {
      subject: 'team-a',
      reference: 'base-x',
      records: true,
    });
    const [, pair] = document.pairs;
    expect(one?.pairs).toEqual([
      { ...pair, evidence: pair?.evidence.map((item) => ({ ...item, blocks: [], skipped: [] })), maps: [] },
    ]);
    expect((await loadParts(database.db, digest, { subject: 'nobody' }))?.pairs).toEqual([]);
  });

  it('gives null where there is no such run', async () => {
    expect(await loadParts(database.db, '0'.repeat(64), {})).toBeNull();
  });

  it('says so where the database is gone', async () => {
    const gone = await openDatabase({ url: database.url, directory: '' });
    await gone.close();
    await expect(loadParts(gone.db, digest, {})).rejects.toThrow(DatabaseUnavailable);
  });
});
