import { bigint, foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { comparison } from './comparison.js';
import { run } from './run.js';

/** A result document but for its pairs, as canonical JSON: what a page reads instead of all of it. */
export const documentHead = pgTable('document_head', {
  runId: bigint('run_id', { mode: 'number' })
    .primaryKey()
    .references(() => run.id),
  head: text('head').notNull(),
});

/** One pair of a result document in four parts of canonical JSON, that differ in size and in who needs them. */
export const documentPair = pgTable(
  'document_pair',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    /** Place among the pairs of the document, from 0. */
    position: integer('position').notNull(),
    /** The pair with empty evidence and maps. */
    outline: text('outline').notNull(),
    /** Its evidence without blocks and skipped tensors. */
    records: text('records').notNull(),
    /** Blocks and skipped tensors of each record, in the order of `records`. */
    blocks: text('blocks').notNull(),
    maps: text('maps').notNull(),
  },
  (table) => [
    primaryKey({ name: 'document_pair_key', columns: [table.runId, table.subject, table.reference] }),
    foreignKey({
      name: 'document_pair_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
  ],
);
