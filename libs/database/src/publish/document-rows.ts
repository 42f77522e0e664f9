import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import type { documentHead, documentPair } from '../schema/tables.js';

/** Pairs per statement: one takes up to some megabytes. */
export const DOCUMENT_PAIRS_PER_STATEMENT = 16;

export function documentHeadRow(runId: number, document: ResultDocument): typeof documentHead.$inferInsert {
  return { runId, head: canonicalJson({ ...document, pairs: [] }) };
}

/** The pairs of a document, each in parts; `loadParts` puts them together again, with keys in the same order. */
export function documentPairRows(
  runId: number,
  { pairs }: ResultDocument,
): (typeof documentPair.$inferInsert)[] {
  return pairs.map((pair, position) => ({
    runId,
    subject: pair.subject,
    reference: pair.reference,
    position,
    outline: canonicalJson({ ...pair, evidence: [], maps: [] }),
    records: canonicalJson(pair.evidence.map((record) => ({ ...record, blocks: [], skipped: [] }))),
    blocks: canonicalJson(pair.evidence.map(({ blocks, skipped }) => ({ blocks, skipped }))),
    maps: canonicalJson(pair.maps),
  }));
}
