import { COMPONENTS, VERDICTS } from '@jokbo/contracts';
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { isShare, notNegative, oneOf } from './checks.js';
import { model } from './model.js';

/** One row of the leaderboard: a team's release and its outcome. */
export const release = pgTable(
  'release',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    /** Place in the leaderboard, from 1. */
    position: integer('position').notNull(),
    team: text('team').notNull(),
    release: text('release').notNull(),
    outcome: text('outcome').notNull(),
    declared: boolean('declared').notNull(),
    /** Null where nothing is comparable; 0 there in runs published before it was. */
    linkedShare: doublePrecision('linked_share'),
    nearest: text('nearest'),
    /** Every reference that ties with the nearest; null where none does. */
    nearestTies: text('nearest_ties').array(),
    comparableReferences: integer('comparable_references').notNull(),
    referenceCount: integer('reference_count').notNull(),
    controlsPassed: integer('controls_passed').notNull(),
    controlsDue: integer('controls_due').notNull(),
  },
  (table) => [
    primaryKey({ name: 'release_key', columns: [table.runId, table.subject] }),
    foreignKey({
      name: 'release_subject_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [model.runId, model.model],
    }),
    oneOf('release_outcome_check', table.outcome, VERDICTS),
    isShare('release_linked_share_check', table.linkedShare),
    notNegative(
      'release_counts_check',
      table.comparableReferences,
      table.referenceCount,
      table.controlsPassed,
      table.controlsDue,
    ),
  ],
);

/** The worst verdict of one component of a release over all references. */
export const releaseComponent = pgTable(
  'release_component',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    component: text('component').notNull(),
    verdict: text('verdict').notNull(),
    nearest: text('nearest'),
    z: doublePrecision('z'),
  },
  (table) => [
    primaryKey({ name: 'release_component_key', columns: [table.runId, table.subject, table.component] }),
    foreignKey({
      name: 'release_component_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    oneOf('release_component_component_check', table.component, COMPONENTS),
    oneOf('release_component_verdict_check', table.verdict, VERDICTS),
  ],
);
