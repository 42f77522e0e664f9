import {
  DatabaseUnavailable,
  type BlockRecord,
  type EvidenceRecord,
  type LayerMap,
  type PairResult,
  type ResultDocument,
  type SkippedTensor,
} from '@jokbo/contracts';
import { and, eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { documentHead, documentPair, run } from './schema/tables.js';

/** Which part of a result document is read. What is left out is an empty list. */
export interface WantedParts {
  /** Pairs of this release alone. */
  readonly subject?: string;
  /** Pairs with this reference alone. */
  readonly reference?: string;
  readonly records?: boolean;
  /** Blocks and skipped tensors of the records. */
  readonly blocks?: boolean;
  readonly maps?: boolean;
}

/**
 * Reads a part of a result document: everything but its pairs, and of those what is wanted. Figures are as in the
 * document, unrounded.
 *
 * @returns null where there is no such run, or it was published before documents were kept in parts.
 * @throws DatabaseUnavailable when the database cannot be read.
 */
export async function loadParts(
  db: NodePgDatabase,
  digest: string,
  wanted: WantedParts,
): Promise<ResultDocument | null> {
  try {
    const [found] = await db
      .select({ runId: documentHead.runId, head: documentHead.head })
      .from(documentHead)
      .innerJoin(run, eq(run.id, documentHead.runId))
      .where(eq(run.digest, digest));
    if (found === undefined) return null;
    const { subject, reference } = wanted;
    const part = (
      column: (typeof documentPair)['records' | 'blocks' | 'maps'],
      asked: boolean | undefined,
    ) => (asked === true ? sql<string>`${column}` : sql<string>`'[]'`);
    const rows = await db
      .select({
        outline: documentPair.outline,
        records: part(documentPair.records, wanted.records),
        blocks: part(documentPair.blocks, wanted.blocks),
        maps: part(documentPair.maps, wanted.maps),
      })
      .from(documentPair)
      .where(
        and(
          eq(documentPair.runId, found.runId),
          subject === undefined ? undefined : eq(documentPair.subject, subject),
          reference === undefined ? undefined : eq(documentPair.reference, reference),
        ),
      )
      .orderBy(documentPair.position);
    return { ...(JSON.parse(found.head) as ResultDocument), pairs: rows.map(pairOf) };
  } catch (cause) {
    throw new DatabaseUnavailable('cannot read a part of the result', { object: `run ${digest}`, cause });
  }
}

interface PairParts {
  readonly outline: string;
  readonly records: string;
  readonly blocks: string;
  readonly maps: string;
}

function pairOf({ outline, records, blocks, maps }: PairParts): PairResult {
  const details = JSON.parse(blocks) as {
    readonly blocks: readonly BlockRecord[];
    readonly skipped: readonly SkippedTensor[];
  }[];
  const evidence = (JSON.parse(records) as EvidenceRecord[]).map((record, at) => ({
    ...record,
    ...details[at],
  }));
  return {
    ...(JSON.parse(outline) as PairResult),
    evidence,
    maps: JSON.parse(maps) as LayerMap[],
  };
}
