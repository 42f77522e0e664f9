import { COMPONENTS, VERDICTS } from '@jokbo/contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
} from 'drizzle-orm/pg-core';
import { isShare, oneOf } from './checks.js';
import { model } from './model.js';

/** One subject against one reference, with the verdict of the pair. */
export const comparison = pgTable(
  'comparison',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    mode: text('mode').notNull(),
    verdict: text('verdict').notNull(),
    declared: boolean('declared').notNull(),
    comparableShare: doublePrecision('comparable_share').notNull(),
    /** Null where nothing is comparable; 0 there in runs published before it was. */
    linkedShare: doublePrecision('linked_share'),
    /** Command that repeats the comparison. */
    reproduce: text('reproduce').notNull(),
  },
  (table) => [
    primaryKey({ name: 'comparison_key', columns: [table.runId, table.subject, table.reference] }),
    foreignKey({
      name: 'comparison_subject_fkey',
      columns: [table.runId, table.subject],
      foreignColumns: [model.runId, model.model],
    }),
    foreignKey({
      name: 'comparison_reference_fkey',
      columns: [table.runId, table.reference],
      foreignColumns: [model.runId, model.model],
    }),
    oneOf('comparison_mode_check', table.mode, ['sampled', 'full']),
    oneOf('comparison_verdict_check', table.verdict, VERDICTS),
    isShare('comparison_comparable_share_check', table.comparableShare),
    isShare('comparison_linked_share_check', table.linkedShare),
  ],
);

/** Layer × layer values of one role family and statistic: one row per map, matrices row-major in single precision. */
export const layerMap = pgTable(
  'layer_map',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    component: text('component').notNull(),
    role: text('role').notNull(),
    statistic: text('statistic').notNull().default('trace'),
    rows: integer('rows').notNull(),
    columns: integer('columns').notNull(),
    cosine: real('cosine').array().$type<(number | null)[]>().notNull(),
    r: real('r').array().$type<(number | null)[]>().notNull(),
    z: real('z').array().$type<(number | null)[]>().notNull(),
    diagonalZ: doublePrecision('diagonal_z'),
    diagonalLog10P: doublePrecision('diagonal_log10_p'),
  },
  (table) => [
    primaryKey({
      name: 'layer_map_key',
      columns: [table.runId, table.subject, table.reference, table.component, table.role, table.statistic],
    }),
    foreignKey({
      name: 'layer_map_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('layer_map_component_check', table.component, COMPONENTS),
    check(
      'layer_map_cells_check',
      sql`${table.rows} >= 0 and ${table.columns} >= 0
        and cardinality(${table.cosine}) = ${table.rows} * ${table.columns}
        and cardinality(${table.r}) = ${table.rows} * ${table.columns}
        and cardinality(${table.z}) = ${table.rows} * ${table.columns}`,
    ),
  ],
);

/** One control of one component of a comparison. `passed` NULL = not due. */
export const control = pgTable(
  'control',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    component: text('component').notNull(),
    control: text('control').notNull(),
    kind: text('kind').notNull(),
    method: text('method').notNull(),
    model: text('model').notNull(),
    must: text('must').notNull(),
    z: doublePrecision('z'),
    r: doublePrecision('r'),
    passed: boolean('passed'),
    note: text('note'),
  },
  (table) => [
    primaryKey({
      name: 'control_key',
      columns: [table.runId, table.subject, table.reference, table.component, table.control],
    }),
    foreignKey({
      name: 'control_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('control_component_check', table.component, COMPONENTS),
    oneOf('control_kind_check', table.kind, ['negative', 'positive', 'self_scramble', 'identity']),
  ],
);

/** An alignment of a comparison that tier 3 recovered and that stands above its controls. */
export const alignment = pgTable(
  'alignment',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    reference: text('reference').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    digest: text('digest').notNull(),
    /** The map itself, below the folder of the report. */
    file: text('file').notNull(),
    records: text('records').array().notNull(),
  },
  (table) => [
    primaryKey({
      name: 'alignment_key',
      columns: [table.runId, table.subject, table.reference, table.position],
    }),
    foreignKey({
      name: 'alignment_comparison_fkey',
      columns: [table.runId, table.subject, table.reference],
      foreignColumns: [comparison.runId, comparison.subject, comparison.reference],
    }),
    oneOf('alignment_kind_check', table.kind, ['permutation', 'rotation', 'hidden_units', 'heads']),
  ],
);
