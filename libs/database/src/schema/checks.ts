import { sql, type AnyColumn } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';

/** CHECK that a text column holds one of a fixed list of values. NULL passes, as in SQL. */
export function oneOf(name: string, column: AnyColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`);
}

/** CHECK that a column is a share, 0 to 1. */
export function isShare(name: string, column: AnyColumn) {
  return check(name, sql`${column} between 0 and 1`);
}

/** CHECK that counts are not negative. */
export function notNegative(name: string, ...columns: readonly AnyColumn[]) {
  return check(name, sql`${sql.join([...columns], sql` >= 0 and `)} >= 0`);
}
