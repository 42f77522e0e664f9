import { COMPONENTS } from '@jokbo/contracts';
import { bigint, foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';
import { run } from './run.js';

/** A fingerprint by its content address; shared by every run that used it. */
export const fingerprint = pgTable('fingerprint', {
  digest: text('digest').primaryKey(),
  sampling: text('sampling').notNull(),
});

/** One model as one run saw it. One that could not be read has no figures. */
export const model = pgTable(
  'model',
  {
    runId: bigint('run_id', { mode: 'number' })
      .notNull()
      .references(() => run.id),
    model: text('model').notNull(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    team: text('team'),
    family: text('family'),
    modelType: text('model_type'),
    architecture: text('architecture'),
    hiddenSize: bigint('hidden_size', { mode: 'number' }),
    layers: bigint('layers', { mode: 'number' }),
    parameters: bigint('parameters', { mode: 'number' }),
    bytes: bigint('bytes', { mode: 'number' }),
    fingerprint: text('fingerprint').references(() => fingerprint.digest),
  },
  (table) => [
    primaryKey({ name: 'model_key', columns: [table.runId, table.model] }),
    oneOf('model_role_check', table.role, ['subject', 'reference']),
    oneOf('model_architecture_check', table.architecture, ['listed', 'unlisted']),
    notNegative('model_counts_check', table.parameters, table.bytes),
  ],
);

/** Parameters of a model per component. */
export const modelComponent = pgTable(
  'model_component',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    model: text('model').notNull(),
    component: text('component').notNull(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ name: 'model_component_key', columns: [table.runId, table.model, table.component] }),
    foreignKey({
      name: 'model_component_model_fkey',
      columns: [table.runId, table.model],
      foreignColumns: [model.runId, model.model],
    }),
    oneOf('model_component_component_check', table.component, COMPONENTS),
    notNegative('model_component_counts_check', table.parameters),
  ],
);

/** One shard or other file of a model, with its content digest. */
export const file = pgTable(
  'file',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    model: text('model').notNull(),
    path: text('path').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    digest: text('digest').notNull(),
  },
  (table) => [
    primaryKey({ name: 'file_key', columns: [table.runId, table.model, table.path] }),
    foreignKey({
      name: 'file_model_fkey',
      columns: [table.runId, table.model],
      foreignColumns: [model.runId, model.model],
    }),
    notNegative('file_counts_check', table.size),
  ],
);

/** What was scanned of a model and what was not. */
export const coverage = pgTable(
  'coverage',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    model: text('model').notNull(),
    tensors: bigint('tensors', { mode: 'number' }).notNull(),
    mapped: bigint('mapped', { mode: 'number' }).notNull(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
    parametersMapped: bigint('parameters_mapped', { mode: 'number' }).notNull(),
    /** Excluded tensors beyond those listed in `excluded_tensor`. */
    excludedMore: bigint('excluded_more', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ name: 'coverage_key', columns: [table.runId, table.model] }),
    foreignKey({
      name: 'coverage_model_fkey',
      columns: [table.runId, table.model],
      foreignColumns: [model.runId, model.model],
    }),
    notNegative(
      'coverage_counts_check',
      table.tensors,
      table.mapped,
      table.parameters,
      table.parametersMapped,
      table.excludedMore,
    ),
  ],
);

/** A stored tensor that is not compared. Keyed by position: stored names are untrusted and of any length. */
export const excludedTensor = pgTable(
  'excluded_tensor',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    model: text('model').notNull(),
    position: integer('position').notNull(),
    stored: text('stored').notNull(),
    reason: text('reason').notNull(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ name: 'excluded_tensor_key', columns: [table.runId, table.model, table.position] }),
    foreignKey({
      name: 'excluded_tensor_model_fkey',
      columns: [table.runId, table.model],
      foreignColumns: [model.runId, model.model],
    }),
    notNegative('excluded_tensor_counts_check', table.parameters),
  ],
);

/** A fact about a model that a reader should see. */
export const finding = pgTable(
  'finding',
  {
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    model: text('model').notNull(),
    position: integer('position').notNull(),
    finding: text('finding').notNull(),
  },
  (table) => [
    primaryKey({ name: 'finding_key', columns: [table.runId, table.model, table.position] }),
    foreignKey({
      name: 'finding_model_fkey',
      columns: [table.runId, table.model],
      foreignColumns: [model.runId, model.model],
    }),
  ],
);
