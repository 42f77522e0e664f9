import { openDatabase } from '@jokbo/database';
import { databaseFolder } from '../report-files.js';
import { durationText } from '../terminal/figures.js';
import { checked, type Check } from './check.js';

/** Opens the result database as `audit` does, and asks it for its version. */
export function checkDatabase(work: string): Promise<Check> {
  return checked('database', async () => {
    const url = process.env['DATABASE_URL'] ?? '';
    const start = performance.now();
    const database = await openDatabase(
      url === '' ? { directory: databaseFolder(work) } : { directory: '', url },
    );
    try {
      const { rows } = await database.pool.query<{ server_version: string }>('show server_version');
      const version = rows[0]?.server_version ?? 'unknown';
      const took = durationText((performance.now() - start) / 1000);
      const place = url === '' ? 'embedded, starts' : 'DATABASE_URL answers';
      return { status: 'ok', detail: `Postgres ${version}, ${place} in ${took}` };
    } finally {
      await database.close();
    }
  });
}
