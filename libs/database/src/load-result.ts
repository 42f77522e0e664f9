import { DatabaseUnavailable, DigestMismatch, ObjectMissing, type ResultDocument } from '@jokbo/contracts';
import { and, desc, eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { createHash } from 'node:crypto';
import { run } from './schema/tables.js';

/**
 * Reads a result document back, equal to what was published: the stored text is checked against its digest.
 *
 * @param which digest of a document (any, superseded ones too), or `latest`: the current one that was
 *   published last.
 * @param programme name of the programme to look in; without it, all of them.
 * @throws ObjectMissing when there is no such run; DigestMismatch when the stored text was altered;
 *   DatabaseUnavailable when the database cannot be read.
 */
export async function loadResult(
  db: NodePgDatabase,
  which: string,
  programme?: string,
): Promise<ResultDocument> {
  const wanted = which === 'latest' ? run.isCurrent : eq(run.digest, which);
  const named = programme === undefined ? undefined : eq(run.programme, programme);
  const [found] = await db
    .select({ digest: run.digest, text: run.document })
    .from(run)
    .where(and(wanted, named))
    .orderBy(desc(run.id))
    .limit(1)
    .catch((error: unknown) => {
      throw new DatabaseUnavailable('cannot read the result', { object: `run ${which}`, cause: error });
    });
  if (found === undefined) {
    const scope = programme === undefined ? '' : ` of programme ${JSON.stringify(programme)}`;
    throw new ObjectMissing(`no published result${scope}`, { object: `run ${which}` });
  }
  const actual = createHash('sha256').update(found.text).digest('hex');
  if (actual !== found.digest) {
    throw new DigestMismatch(`the stored result document has digest ${actual}`, {
      object: `run ${found.digest}`,
    });
  }
  return JSON.parse(found.text) as ResultDocument;
}
