import { COMPONENTS } from '@jokbo/contracts';
import { bigint, date, foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { oneOf } from './checks.js';
import { model } from './model.js';
import { release } from './release.js';

/** What a team answers to findings on its release. */
export const teamReply = pgTable(
  'team_reply',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    /** Place among the replies of the release, from 1. */
    position: integer('position').notNull(),
    reference: text('reference'),
    component: text('component'),
    day: date('day', { mode: 'string' }).notNull(),
    author: text('author').notNull(),
    reply: text('reply').notNull(),
  },
  (table) => [
    primaryKey({ name: 'team_reply_key', columns: [table.runId, table.subject, table.position] }),
    foreignKey({
      name: 'team_reply_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    foreignKey({
      name: 'team_reply_reference_fkey',
      columns: [table.runId, table.reference],
      foreignColumns: [model.runId, model.model],
    }),
    oneOf('team_reply_component_check', table.component, COMPONENTS),
  ],
);

/** An ancestor that a team declared of its release. */
export const declaredAncestor = pgTable(
  'declared_ancestor',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    /** Place among the declarations of the release, from 1. */
    position: integer('position').notNull(),
    ancestor: text('ancestor').notNull(),
    reference: text('reference'),
    components: text('components').array().notNull(),
    note: text('note'),
    day: date('day', { mode: 'string' }),
    author: text('author'),
  },
  (table) => [
    primaryKey({ name: 'declared_ancestor_key', columns: [table.runId, table.subject, table.position] }),
    foreignKey({
      name: 'declared_ancestor_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    foreignKey({
      name: 'declared_ancestor_reference_fkey',
      columns: [table.runId, table.reference],
      foreignColumns: [model.runId, model.model],
    }),
  ],
);
