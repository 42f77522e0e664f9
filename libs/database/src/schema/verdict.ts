import { COMPONENTS, VERDICTS } from '@jokbo/contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  doublePrecision,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';
import { comparison } from './comparison.js';

/** The verdict on one component of one comparison. */
export const verdict = pgTable(
  'verdict',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    component: text('component').notNull(),
    verdict: text('verdict').notNull(),
    type: text('type'),
    statistic: text('statistic'),
    z: doublePrecision('z'),
    zCalibrated: doublePrecision('z_calibrated'),
    log10P: doublePrecision('log10_p'),
    log10PAdjusted: doublePrecision('log10_p_adjusted'),
    r: doublePrecision('r'),
    rLow: doublePrecision('r_low'),
    rHigh: doublePrecision('r_high'),
    rMin: doublePrecision('r_min'),
    rRequired: doublePrecision('r_required'),
    nEff: doublePrecision('n_eff'),
    tensors: bigint('tensors', { mode: 'number' }).notNull(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
    parametersLinked: bigint('parameters_linked', { mode: 'number' }).notNull(),
    bytesIdentical: bigint('bytes_identical', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      name: 'verdict_key',
      columns: [table.runId, table.subject, table.reference, table.component],
    }),
    foreignKey({
      name: 'verdict_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('verdict_component_check', table.component, COMPONENTS),
    oneOf('verdict_verdict_check', table.verdict, VERDICTS),
    check('verdict_r_interval_check', sql`(${table.rLow} is null) = (${table.rHigh} is null)`),
    notNegative(
      'verdict_counts_check',
      table.tensors,
      table.parameters,
      table.parametersLinked,
      table.bytesIdentical,
    ),
  ],
);

/** Why a verdict is what it is. `component` NULL = the verdict of the pair. */
export const verdictReason = pgTable(
  'verdict_reason',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    component: text('component'),
    position: integer('position').notNull(),
    code: text('code').notNull(),
    records: text('records').array().notNull(),
    explanation: text('explanation').notNull(),
  },
  (table) => [
    unique('verdict_reason_key')
      .on(table.runId, table.subject, table.reference, table.component, table.position)
      .nullsNotDistinct(),
    foreignKey({
      name: 'verdict_reason_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('verdict_reason_component_check', table.component, COMPONENTS),
  ],
);
