import { COMPONENTS } from '@jokbo/contracts';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';

/** One published result document. A run is never changed, only superseded by the next of its programme. */
export const run = pgTable(
  'run',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    digest: text('digest').notNull().unique('run_digest_key'),
    schemaVersion: integer('schema_version').notNull(),
    programme: text('programme').notNull(),
    programmeDigest: text('programme_digest').notNull(),
    language: text('language').notNull(),
    toolName: text('tool_name').notNull(),
    toolVersion: text('tool_version').notNull(),
    sampling: text('sampling').notNull(),
    ruleSet: text('rule_set').notNull(),
    /** Version, digest and thresholds of the rule set; null in runs published before rule sets had them. */
    ruleSetVersion: integer('rule_set_version'),
    ruleSetDigest: text('rule_set_digest'),
    ruleThresholds: jsonb('rule_thresholds'),
    requireTier3: boolean('require_tier3').notNull(),
    tier3Run: boolean('tier3_run').notNull(),
    caveats: text('caveats').array().notNull(),
    /** Last day on which teams may object; null where the programme names none. */
    objectionsUntil: date('objections_until', { mode: 'string' }),
    /** Canonical text of the document: the bytes whose SHA-256 is `digest`. */
    document: text('document').notNull(),
    isCurrent: boolean('is_current').notNull(),
    supersededBy: bigint('superseded_by', { mode: 'number' }).references((): AnyPgColumn => run.id),
    /** The run before this one: the one that was judged again, or that was current when this was published. */
    supersedes: bigint('supersedes', { mode: 'number' }).references((): AnyPgColumn => run.id),
    /** Digest of the result that was judged again; null in the result of an audit. */
    supersedesDigest: text('supersedes_digest'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('run_current_programme_key')
      .on(table.programme)
      .where(sql`${table.isCurrent}`),
    check('run_digest_check', sql`${table.digest} ~ '^[0-9a-f]{64}$'`),
    check('run_current_check', sql`not (${table.isCurrent} and ${table.supersededBy} is not null)`),
    check('run_superseded_by_check', sql`${table.supersededBy} <> ${table.id}`),
    oneOf('run_language_check', table.language, ['ko', 'en']),
  ],
);

/** λ of one kind of statistic, from reference × reference pairs documented independent. */
export const calibration = pgTable(
  'calibration',
  {
    runId: bigint('run_id', { mode: 'number' })
      .notNull()
      .references(() => run.id),
    statistic: text('statistic').notNull(),
    width: integer('width'),
    lambda: doublePrecision('lambda').notNull(),
    calibrated: boolean('calibrated').notNull(),
    pairs: integer('pairs').notNull(),
    z: doublePrecision('z').array().notNull(),
  },
  (table) => [
    unique('calibration_key').on(table.runId, table.statistic, table.width).nullsNotDistinct(),
    oneOf('calibration_statistic_check', table.statistic, ['trace', 'gram', 'hidden', 'value']),
    notNegative('calibration_counts_check', table.pairs),
  ],
);

/** λ of one kind of statistic for one component by itself; NULL where too few pairs were independent. */
export const calibrationComponent = pgTable(
  'calibration_component',
  {
    runId: bigint('run_id', { mode: 'number' })
      .notNull()
      .references(() => run.id),
    statistic: text('statistic').notNull(),
    width: integer('width'),
    component: text('component').notNull(),
    lambda: doublePrecision('lambda'),
    pairs: integer('pairs').notNull(),
    z: doublePrecision('z').array().notNull(),
  },
  (table) => [
    unique('calibration_component_key')
      .on(table.runId, table.statistic, table.width, table.component)
      .nullsNotDistinct(),
    oneOf('calibration_component_statistic_check', table.statistic, ['trace', 'gram', 'hidden', 'value']),
    oneOf('calibration_component_component_check', table.component, COMPONENTS),
    notNegative('calibration_component_counts_check', table.pairs),
  ],
);
