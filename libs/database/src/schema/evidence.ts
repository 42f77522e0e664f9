import { COMPONENTS, METHODS } from '@jokbo/contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';
import { comparison } from './comparison.js';

/** One statistic of one component of a comparison, with its null. */
export const evidence = pgTable(
  'evidence',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    record: text('record').notNull(),
    method: text('method').notNull(),
    tier: smallint('tier').notNull(),
    component: text('component').notNull(),
    isPrimary: boolean('is_primary').notNull(),
    status: text('status').notNull(),
    reason: text('reason'),
    mode: text('mode').notNull(),
    nullHypothesis: text('null_hypothesis').notNull(),
    z: doublePrecision('z'),
    log10P: doublePrecision('log10_p'),
    r: doublePrecision('r'),
    rLow: doublePrecision('r_low'),
    rHigh: doublePrecision('r_high'),
    rMin: doublePrecision('r_min'),
    nEff: doublePrecision('n_eff'),
    units: doublePrecision('units'),
    ceiling: doublePrecision('ceiling'),
    tensors: bigint('tensors', { mode: 'number' }).notNull(),
    features: bigint('features', { mode: 'number' }).notNull(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
    layerMap: text('layer_map').notNull(),
    mapsTried: bigint('maps_tried', { mode: 'number' }).notNull(),
    scrambles: doublePrecision('scrambles').array().notNull(),
    details: jsonb('details').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'evidence_key',
      columns: [table.runId, table.subject, table.reference, table.record],
    }),
    foreignKey({
      name: 'evidence_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('evidence_method_check', table.method, METHODS),
    check('evidence_tier_check', sql`${table.tier} between 0 and 4`),
    oneOf('evidence_component_check', table.component, COMPONENTS),
    oneOf('evidence_status_check', table.status, ['measured', 'not_applicable', 'degenerate', 'invalid']),
    check('evidence_reason_check', sql`${table.status} = 'measured' or ${table.reason} is not null`),
    oneOf('evidence_mode_check', table.mode, ['sampled', 'full']),
    check('evidence_r_interval_check', sql`(${table.rLow} is null) = (${table.rHigh} is null)`),
    notNegative('evidence_counts_check', table.tensors, table.features, table.parameters, table.mapsTried),
  ],
);

/** One block of an evidence record: a layer's role, or an expert's. */
export const evidenceBlock = pgTable(
  'evidence_block',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    record: text('record').notNull(),
    position: integer('position').notNull(),
    key: text('key').notNull(),
    referenceKey: text('reference_key').notNull(),
    z: doublePrecision('z'),
    r: doublePrecision('r'),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
    identical: boolean('identical').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'evidence_block_key',
      columns: [table.runId, table.subject, table.reference, table.record, table.position],
    }),
    foreignKey({
      name: 'evidence_block_evidence_fkey',
      columns: [table.runId, table.subject, table.reference, table.record],
      foreignColumns: [evidence.runId, evidence.subject, evidence.reference, evidence.record],
    }),
  ],
);

/** A tensor that an evidence record left out, and why. */
export const evidenceSkipped = pgTable(
  'evidence_skipped',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    record: text('record').notNull(),
    position: integer('position').notNull(),
    key: text('key').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'evidence_skipped_key',
      columns: [table.runId, table.subject, table.reference, table.record, table.position],
    }),
    foreignKey({
      name: 'evidence_skipped_evidence_fkey',
      columns: [table.runId, table.subject, table.reference, table.record],
      foreignColumns: [evidence.runId, evidence.subject, evidence.reference, evidence.record],
    }),
  ],
);
