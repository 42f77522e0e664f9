import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from './open-database.js';

describe('openDatabase', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jokbo-open-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('fails a transaction whose connection is lost, and goes on with a new one', async () => {
    const idleErrors: Error[] = [];
    const database = await openDatabase({ directory, onIdleError: (error) => idleErrors.push(error) });
    const terminate = (except: string) =>
      database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'jokbo' and pid <> pg_backend_pid() and ${except}`,
      );
    const lost = await database.db
      .transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        await terminate(`state = 'idle in transaction'`);
        await tx.execute(sql`select 2`);
      })
      .catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(Error);

    await Promise.all([database.pool.query('select 1'), database.pool.query('select 1')]);
    await terminate('true');
    expect((await database.pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
    await database.close();
    await database.close();
    expect(idleErrors).not.toEqual([]);
  });

  it('stops the server and joins a fresh start when the migration of an embedded database fails', async () => {
    const database = await openDatabase({ directory });
    await database.pool.query(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9e15)`,
    );
    await database.close();
    await expect(openDatabase({ directory })).rejects.toThrow('use the version that migrated it');
    await expect(readFile(join(directory, 'cluster', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });
});
