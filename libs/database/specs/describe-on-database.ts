import type { ResultDocument } from '@jokbo/contracts';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase, type Database } from '../src/open-database.js';
import type { ReadFingerprint } from '../src/publish/publish-tensors.js';
import { publish, type Publication } from '../src/publish/publish.js';
import { digestOf } from './example-document.js';
import { describeOnServers, type TestDatabase } from './test-servers.js';

/** A database with all tables and views, that the tests of one suite share. It is open while tests and hooks run. */
export interface OpenedDatabase extends Pick<Database, 'db' | 'pool'> {
  /** Connection string of a superuser. */
  readonly url: string;
  /** What a query finds. */
  readonly rows: (query: string) => Promise<Record<string, unknown>[]>;
  /** Publishes a document under its digest. */
  readonly publish: (document: ResultDocument, read?: ReadFingerprint) => Promise<Publication>;
}

/** Runs the same tests on an empty, migrated database of each server that `describeOnServers` knows. */
export function describeOnDatabase(title: string, tests: (database: OpenedDatabase) => void): void {
  describeOnServers(title, (open) => {
    let server: TestDatabase;
    let database: Database;
    beforeAll(async () => {
      server = await open();
      database = await openDatabase({ url: server.url, directory: '' });
    });
    afterAll(async () => {
      await database.close();
      await server.close();
    });
    tests({
      get url() {
        return server.url;
      },
      get db() {
        return database.db;
      },
      get pool() {
        return database.pool;
      },
      rows: async (query) => (await database.pool.query<Record<string, unknown>>(query)).rows,
      publish: (document, read) => publish(database.db, document, digestOf(document), read),
    });
  });
}
