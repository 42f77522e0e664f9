import { TRAINING_TESTS } from '@jokbo/contracts';
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';
import { release } from './release.js';

/** What a team handed over of the training of a release, and what of it could not be read. */
export const training = pgTable(
  'training',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    trainingJson: boolean('training_json').notNull(),
    checkpoints: integer('checkpoints').notNull(),
    historyFiles: text('history_files').array().notNull(),
    wandbFiles: text('wandb_files').array().notNull(),
    logRows: bigint('log_rows', { mode: 'number' }),
    /** List of `{object, message}`. */
    unreadable: jsonb('unreadable').notNull(),
  },
  (table) => [
    primaryKey({ name: 'training_key', columns: [table.runId, table.subject] }),
    foreignKey({
      name: 'training_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    notNegative('training_counts_check', table.checkpoints, table.logRows),
  ],
);

/** One test of a training trajectory. */
export const trainingTest = pgTable(
  'training_test',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    test: text('test').notNull(),
    position: integer('position').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    /** List of `{name, value, relation, limit, at}`. */
    figures: jsonb('figures').notNull(),
    /** List of `{code, at, value}`. */
    findings: jsonb('findings').notNull(),
    findingsMore: integer('findings_more').notNull(),
  },
  (table) => [
    primaryKey({ name: 'training_test_key', columns: [table.runId, table.subject, table.test] }),
    foreignKey({
      name: 'training_test_training_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [training.runId, training.subject],
    }),
    oneOf('training_test_test_check', table.test, TRAINING_TESTS),
    oneOf('training_test_outcome_check', table.outcome, ['pass', 'fail', 'not_provided']),
    notNegative('training_test_counts_check', table.findingsMore),
  ],
);

/** One checkpoint of a trajectory. */
export const trainingPoint = pgTable(
  'training_point',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    position: integer('position').notNull(),
    step: bigint('step', { mode: 'number' }).notNull(),
    path: text('path').notNull(),
    tokens: doublePrecision('tokens'),
    evalLoss: doublePrecision('eval_loss'),
    fingerprint: text('fingerprint').notNull(),
    startZ: doublePrecision('start_z'),
    startR: doublePrecision('start_r'),
    startShare: doublePrecision('start_share'),
    previousZ: doublePrecision('previous_z'),
    previousCosine: doublePrecision('previous_cosine'),
    previousStepRatio: doublePrecision('previous_step_ratio'),
    /** List of `{reference, joint_z, primary_z}`. */
    references: jsonb('references').notNull(),
  },
  (table) => [
    primaryKey({ name: 'training_point_key', columns: [table.runId, table.subject, table.position] }),
    foreignKey({
      name: 'training_point_training_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [training.runId, training.subject],
    }),
  ],
);
