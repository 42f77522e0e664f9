import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/embedded/start-embedded-postgres.js';

/** A database of its own, empty, for the time of one spec. */
export interface TestDatabase {
  /** Connection string of a superuser. */
  readonly url: string;
  /** Connection string of a further empty database on the same server. */
  another(): Promise<string>;
  close(): Promise<void>;
}

/** Superuser's connection string of a Postgres that the suite runs on as well, e.g. one of version 15. */
const SERVER_URL = process.env['JOKBO_TEST_DATABASE_URL'] ?? '';

/** Runs the same tests on the embedded server and, where there is one, on that of `JOKBO_TEST_DATABASE_URL`. */
export function describeOnServers(title: string, tests: (open: () => Promise<TestDatabase>) => void): void {
  describe(`${title}, embedded server`, () => tests(embeddedDatabase));
  if (SERVER_URL !== '') {
    describe(`${title}, server of JOKBO_TEST_DATABASE_URL`, () => tests(serverDatabase));
    return;
  }
  it(`${title}, another server`, (context) => context.skip('JOKBO_TEST_DATABASE_URL names none'));
}

async function embeddedDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'jokbo-database-'));
  const server = await startEmbeddedPostgres({ directory });
  return {
    url: server.url,
    another: () => newDatabase(server.url),
    async close() {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function serverDatabase(): Promise<TestDatabase> {
  const urls: string[] = [];
  const another = async (): Promise<string> => {
    const url = await newDatabase(SERVER_URL);
    urls.push(url);
    return url;
  };
  return {
    url: await another(),
    another,
    async close() {
      for (const url of urls) {
        await onServer(SERVER_URL, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
      }
    },
  };
}

async function newDatabase(serverUrl: string): Promise<string> {
  const name = `jokbo_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
