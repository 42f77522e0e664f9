import { COMPONENTS, METHODS } from '@jokbo/contracts';
import { sql, type AnyColumn } from 'drizzle-orm';
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
import { release } from './release.js';

/** What every statistic has, whether of a comparison or of one release by itself. */
const statisticColumns = () => ({
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
});

const blockColumns = () => ({
  position: integer('position').notNull(),
  key: text('key').notNull(),
  referenceKey: text('reference_key').notNull(),
  z: doublePrecision('z'),
  r: doublePrecision('r'),
  parameters: bigint('parameters', { mode: 'number' }).notNull(),
  identical: boolean('identical').notNull(),
});

type StatisticColumn =
  | 'method'
  | 'tier'
  | 'component'
  | 'status'
  | 'reason'
  | 'mode'
  | 'rLow'
  | 'rHigh'
  | 'tensors'
  | 'features'
  | 'parameters'
  | 'mapsTried';

const statisticChecks = (name: string, table: Readonly<Record<StatisticColumn, AnyColumn>>) => [
  oneOf(`${name}_method_check`, table.method, METHODS),
  check(`${name}_tier_check`, sql`${table.tier} between 0 and 4`),
  oneOf(`${name}_component_check`, table.component, COMPONENTS),
  oneOf(`${name}_status_check`, table.status, ['measured', 'not_applicable', 'degenerate', 'invalid']),
  check(`${name}_reason_check`, sql`${table.status} = 'measured' or ${table.reason} is not null`),
  oneOf(`${name}_mode_check`, table.mode, ['sampled', 'full']),
  check(`${name}_r_interval_check`, sql`(${table.rLow} is null) = (${table.rHigh} is null)`),
  notNegative(`${name}_counts_check`, table.tensors, table.features, table.parameters, table.mapsTried),
];

/** One statistic of one component of a comparison, with its null. */
export const evidence = pgTable(
  'evidence',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    record: text('record').notNull(),
    ...statisticColumns(),
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
    ...statisticChecks('evidence', table),
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
    ...blockColumns(),
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

/** One statistic of one release by itself: experts or layers that were copied from each other. */
export const selfTest = pgTable(
  'self_test',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    record: text('record').notNull(),
    ...statisticColumns(),
  },
  (table) => [
    primaryKey({ name: 'self_test_key', columns: [table.runId, table.subject, table.record] }),
    foreignKey({
      name: 'self_test_release_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [release.runId, release.subject],
    }),
    ...statisticChecks('self_test', table),
  ],
);

/** One block of a self-test: two experts, or two layers. */
export const selfTestBlock = pgTable(
  'self_test_block',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    record: text('record').notNull(),
    ...blockColumns(),
  },
  (table) => [
    primaryKey({
      name: 'self_test_block_key',
      columns: [table.runId, table.subject, table.record, table.position],
    }),
    foreignKey({
      name: 'self_test_block_self_test_fkey',
      columns: [table.runId, table.subject, table.record],
      foreignColumns: [selfTest.runId, selfTest.subject, selfTest.record],
    }),
  ],
);

/** A tensor that a self-test left out, and why. */
export const selfTestSkipped = pgTable(
  'self_test_skipped',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    record: text('record').notNull(),
    position: integer('position').notNull(),
    key: text('key').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'self_test_skipped_key',
      columns: [table.runId, table.subject, table.record, table.position],
    }),
    foreignKey({
      name: 'self_test_skipped_self_test_fkey',
      columns: [table.runId, table.subject, table.record],
      foreignColumns: [selfTest.runId, selfTest.subject, selfTest.record],
    }),
  ],
);
