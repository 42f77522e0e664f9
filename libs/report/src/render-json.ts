import { canonicalJson, type ResultDocument } from '@jokbo/contracts';

/**
 * The result document as canonical JSON (sorted keys, no white space) and a final newline.
 *
 * @throws TypeError where a value is not finite or not JSON.
 */
export function renderJson(document: ResultDocument): string {
  return `${canonicalJson(document)}\n`;
}
