import type { ResultDocument } from '@jokbo/contracts';
import { componentRows } from './component-rows.js';
import { withEscapes } from './plain-json.js';

/** One line of JSON per component × reference; keys are the columns of the other tables, in their order. */
export function exportJsonl(document: ResultDocument): string {
  return componentRows(document)
    .map((row) => `${withEscapes(JSON.stringify(row))}\n`)
    .join('');
}
