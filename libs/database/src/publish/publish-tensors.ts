import { DigestMismatch, type FingerprintDocument } from '@jokbo/contracts';
import { inArray } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { createHash } from 'node:crypto';
import * as tables from '../schema/tables.js';
import { insertRows } from './insert-rows.js';
import { tensorRows } from './tensor-rows.js';

/** Gives the document of a fingerprint by its digest: the bytes that have it; null where it is not kept. */
export type ReadFingerprint = (digest: string) => Promise<Uint8Array | null>;

/**
 * Writes the tensors of these fingerprints: of each that has none yet, in one transaction. No view shows them before a run
 * refers to the fingerprint, and one that is written is never written again. One document is held at a time: of a model of
 * 497,000 names it takes some hundred megabytes.
 *
 * @returns the fingerprints whose document is not kept, which stay without a list of tensors.
 * @throws DigestMismatch when a document does not have the digest that it was asked by.
 */
export async function publishTensors(
  db: NodePgDatabase,
  fingerprints: readonly string[],
  read: ReadFingerprint,
): Promise<string[]> {
  const { tensorList } = tables;
  const known = await db
    .select({ digest: tensorList.fingerprint })
    .from(tensorList)
    .where(inArray(tensorList.fingerprint, [...fingerprints]));
  const listed = new Set(known.map(({ digest }) => digest));
  const missing: string[] = [];
  for (const digest of [...new Set(fingerprints)].sort()) {
    if (listed.has(digest)) continue;
    const bytes = await read(digest);
    if (bytes === null) missing.push(digest);
    else await writeTensors(db, digest, documentOf(bytes, digest));
  }
  return missing;
}

function documentOf(bytes: Uint8Array, digest: string): FingerprintDocument {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== digest) {
    throw new DigestMismatch(`the fingerprint has digest ${actual}`, { value: digest });
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as FingerprintDocument;
}

async function writeTensors(
  db: NodePgDatabase,
  digest: string,
  document: FingerprintDocument,
): Promise<void> {
  const { sampling, tensors, excluded } = document;
  await db.transaction(async (tx) => {
    await insertRows(tx, tables.fingerprint, [{ digest, sampling }]);
    const list = { fingerprint: digest, tensors: tensors.length, excluded: excluded.length };
    // Another publisher that writes the same list is waited for here, and has then written all of it.
    if ((await insertRows(tx, tables.tensorList, [list])) === 0) return;
    await insertRows(tx, tables.tensor, tensorRows(digest, document));
  });
}
