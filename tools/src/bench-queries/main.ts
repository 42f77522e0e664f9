import { analystUrl, openDatabase } from '@jokbo/database';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureQueries } from './measure-queries.js';
import { queriesSection, withQueriesSection } from './queries-section.js';
import { seedDatabase } from './seed-database.js';

/** Seeds a database, times the queries, and writes the section of docs/benchmarks.md. */
const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);
/** Audits between two lines of progress. */
const PROGRESS_EVERY = 20;

const directory = await mkdtemp(join(tmpdir(), 'jokbo-bench-queries-'));
const database = await openDatabase({ directory });
try {
  const seeded = await seedDatabase(database, (done, of) => {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`seeded ${done} of ${of} audits\n`);
  });
  // What else the machine does: a query that waits for a core is slow whatever the database does.
  const [load = 0] = loadavg();
  const times = await measureQueries(await analystUrl(database.url));
  const { rows } = await database.pool.query<{ server_version: string }>('show server_version');
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Postgres ${rows[0]?.server_version ?? '?'} with its default settings, load average ${load.toFixed(1)} before the first query`;
  const section = queriesSection(machine, seeded, times);
  await writeFile(PAGE, withQueriesSection(await readFile(PAGE, 'utf8'), section));
  process.stdout.write(section);
} finally {
  await database.close();
  await rm(directory, { recursive: true });
}
