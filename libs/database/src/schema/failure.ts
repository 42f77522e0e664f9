import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { oneOf } from './checks.js';
import { run } from './run.js';

/** A model, a comparison or training records that failed for good while the audit went on with the others. */
export const failure = pgTable(
  'failure',
  {
    runId: bigint('run_id', { mode: 'number' })
      .notNull()
      .references(() => run.id),
    /** Place among the failures of the run, from 1: models, comparisons, training records. */
    position: integer('position').notNull(),
    part: text('part').notNull(),
    /** The model that could not be read, the first of a comparison, or the release whose training records failed. */
    model: text('model').notNull(),
    reference: text('reference'),
    kind: text('kind'),
    mode: text('mode'),
    code: text('code').notNull(),
    rule: text('rule'),
    object: text('object'),
    tensor: text('tensor'),
    message: text('message').notNull(),
    /** The one component of a comparison over all elements that failed; null where all of it did. */
    component: text('component'),
  },
  (table) => [
    primaryKey({ name: 'failure_key', columns: [table.runId, table.position] }),
    oneOf('failure_part_check', table.part, ['model', 'comparison', 'training']),
    oneOf('failure_mode_check', table.mode, ['sampled', 'full']),
  ],
);
