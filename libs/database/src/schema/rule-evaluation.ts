import { bigint, foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { oneOf } from './checks.js';
import { release } from './release.js';

/** One criterion of the rule set for one release. Criteria are never merged. */
export const ruleEvaluation = pgTable(
  'rule_evaluation',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    criterion: text('criterion').notNull(),
    /** Place in the rule set, from 1. */
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    titleKo: text('title_ko').notNull(),
    titleEn: text('title_en').notNull(),
    outcome: text('outcome').notNull(),
  },
  (table) => [
    primaryKey({ name: 'rule_evaluation_key', columns: [table.runId, table.subject, table.criterion] }),
    foreignKey({
      name: 'rule_evaluation_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    oneOf('rule_evaluation_kind_check', table.kind, ['technical', 'policy', 'ethical']),
    oneOf('rule_evaluation_outcome_check', table.outcome, ['pass', 'fail', 'not_provided']),
  ],
);

/** Why a criterion came out as it did, with the records that decide. */
export const ruleEvaluationReason = pgTable(
  'rule_evaluation_reason',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    criterion: text('criterion').notNull(),
    position: integer('position').notNull(),
    code: text('code').notNull(),
    records: text('records').array().notNull(),
    explanation: text('explanation').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'rule_evaluation_reason_key',
      columns: [table.runId, table.subject, table.criterion, table.position],
    }),
    foreignKey({
      name: 'rule_evaluation_reason_rule_evaluation_fkey',
      columns: [table.runId, table.subject, table.criterion],
      foreignColumns: [ruleEvaluation.runId, ruleEvaluation.subject, ruleEvaluation.criterion],
    }),
  ],
);
