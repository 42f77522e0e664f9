import type { Database } from '@jokbo/database';
import { seedStatements, seedTensorStatements } from './seed-statements.js';

/** Programmes, each with this many audits of which the last is current: 200 audits. */
const PROGRAMMES = 10;
const AUDITS_PER_PROGRAMME = 20;

/** What lies in the database afterwards. */
export interface SeededRows {
  readonly audits: number;
  readonly evidence: number;
  readonly cells: number;
  readonly tensors: number;
  readonly bytes: number;
}

/** Fills an empty database with made-up audits of fleet size, the same each time, and tells how many rows that is. */
export async function seedDatabase(
  { pool }: Database,
  progress: (done: number, of: number) => void,
): Promise<SeededRows> {
  const client = await pool.connect();
  try {
    // Foreign keys of rows that are made to fit need no check; a published run would refuse them.
    await client.query('set session_replication_role = replica');
    await client.query('set synchronous_commit = off');
    await client.query('set statement_timeout = 0');
    await client.query('select setseed(0.5)');
    for (const statement of seedTensorStatements()) await client.query(statement);
    const audits = PROGRAMMES * AUDITS_PER_PROGRAMME;
    for (let index = 0; index < audits; index += 1) {
      const run = index + 1;
      const last = run + PROGRAMMES > audits;
      const statements = seedStatements({
        run,
        programme: 1 + (index % PROGRAMMES),
        supersededBy: last ? null : run + PROGRAMMES,
        supersedes: index < PROGRAMMES ? null : run - PROGRAMMES,
      });
      await client.query('begin');
      for (const statement of statements) await client.query(statement);
      await client.query('commit');
      progress(run, audits);
    }
    await client.query('vacuum analyze');
    const { rows } = await client.query<SeededRows>(
      `select (select count(*) from run)::int as audits, (select count(*) from evidence)::int as evidence,
        (select sum(rows * columns) from layer_map)::int as cells, (select count(*) from tensor)::int as tensors, pg_database_size(current_database())::float8 as bytes`,
    );
    const [row] = rows;
    if (row === undefined) throw new RangeError('the database does not count its rows');
    return row;
  } finally {
    client.release(true);
  }
}
