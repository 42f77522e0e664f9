import { COMPONENTS } from '@jokbo/contracts';
import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { notNegative, oneOf } from './checks.js';
import { fingerprint } from './model.js';

/**
 * That all tensors of a fingerprint are in `tensor`. Like the fingerprint it is shared by every run that used it, so that a
 * release that is audited a hundred times has its tensors once.
 */
export const tensorList = pgTable(
  'tensor_list',
  {
    fingerprint: text('fingerprint')
      .primaryKey()
      .references(() => fingerprint.digest),
    /** Tensors with a meaning. */
    tensors: bigint('tensors', { mode: 'number' }).notNull(),
    /** Stored tensors that are not compared. */
    excluded: bigint('excluded', { mode: 'number' }).notNull(),
  },
  (table) => [notNegative('tensor_list_counts_check', table.tensors, table.excluded)],
);

/**
 * One tensor of a fingerprint: with its meaning, or excluded. Keyed by position: names are untrusted and of any length.
 * What is excluded was not digested, so that it has no bytes to name.
 */
export const tensor = pgTable(
  'tensor',
  {
    fingerprint: text('fingerprint')
      .notNull()
      .references(() => tensorList.fingerprint),
    /** From 0: in the order of the fingerprint, what is excluded last. */
    position: bigint('position', { mode: 'number' }).notNull(),
    stored: text('stored').notNull(),
    key: text('key'),
    scope: text('scope'),
    component: text('component'),
    layer: bigint('layer', { mode: 'number' }),
    role: text('role'),
    expert: bigint('expert', { mode: 'number' }),
    part: text('part'),
    dtype: text('dtype'),
    shape: bigint('shape', { mode: 'number' }).array(),
    parameters: bigint('parameters', { mode: 'number' }).notNull(),
    bytes: bigint('bytes', { mode: 'number' }),
    digest: text('digest'),
    reason: text('reason'),
  },
  (table) => [
    primaryKey({ name: 'tensor_key', columns: [table.fingerprint, table.position] }),
    // Equality is all that anybody asks of a digest, and its hash takes a tenth of the room.
    index('tensor_digest_index').using('hash', table.digest),
    // Few components have many tensors: each pair is stored once, with the rows that have it.
    index('tensor_component_index').on(table.fingerprint, table.component),
    oneOf('tensor_component_check', table.component, COMPONENTS),
    check(
      'tensor_excluded_check',
      sql`(${table.reason} is null) = (${table.key} is not null) and (${table.key} is null) = (${table.digest} is null)`,
    ),
    notNegative('tensor_counts_check', table.parameters),
  ],
);
