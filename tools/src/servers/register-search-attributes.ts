import { FLEET_SEARCH_ATTRIBUTES } from '@jokbo/contracts';
import type { Connection } from '@temporalio/client';

/** `IndexedValueType` of Temporal's API. */
const TYPES = { KEYWORD: 2, INT: 3 } as const;

/** Gives a namespace the search attributes of audits; those that it has stay. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(FLEET_SEARCH_ATTRIBUTES).flatMap(([name, type]) => {
    return name in customAttributes ? [] : [[name, TYPES[type]] as const];
  });
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing),
  });
}
