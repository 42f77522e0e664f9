import {
  canonicalJson,
  DatabaseUnavailable,
  DigestMismatch,
  JokboError,
  type ResultDocument,
} from '@jokbo/contracts';
import { and, eq, getTableName, isNull, ne, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PgTable } from 'drizzle-orm/pg-core';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as tables from '../schema/tables.js';
import { rootMessage, sqlState } from '../sql-state.js';
import { insertRows, type Executor } from './insert-rows.js';
import * as evidenceRows from './evidence-rows.js';
import * as failureRows from './failure-rows.js';
import * as modelRows from './model-rows.js';
import * as pairRows from './pair-rows.js';
import * as ruleRows from './rule-rows.js';
import * as runRows from './run-rows.js';
import * as documentRows from './document-rows.js';
import { publishTensors, type ReadFingerprint } from './publish-tensors.js';
import * as statementRows from './statement-rows.js';
import * as trainingRows from './training-rows.js';

/** What became of a document. */
export interface Publication {
  readonly runId: number;
  /** False when the same document had been published before: nothing was written. */
  readonly created: boolean;
  /** False when another document of the programme supersedes this one. */
  readonly current: boolean;
  /** Fingerprints whose tensors are not listed, since nobody gave their documents. */
  readonly withoutTensors: readonly string[];
}

/** serialization_failure, deadlock_detected: the transaction is to be run again. */
const RETRIED_STATES: readonly string[] = ['40001', '40P01'];
/** Publishers wait for each other's lock on `run`, so a conflict is rare; five in a row are a fault. */
const MAX_ATTEMPTS = 5;
const RETRY_DELAY_MS = 50;

/**
 * Writes a result document in one serialisable transaction. A document is its digest: publishing it again
 * changes nothing, not even when it has been superseded meanwhile. A document with another digest becomes the
 * current run of its programme, and the one before it is marked as superseded. Only measurements that were
 * superseded before they were judged again do not come back: their document is kept as superseded from the start.
 *
 * Tensors are no part of the document: those of its fingerprints are written before, each list in a transaction of its own.
 *
 * @param digest SHA-256 of the document's canonical JSON, in hex.
 * @param fingerprints gives the fingerprints of the document; absent = no tensors are written.
 * @throws DigestMismatch when the digest is not the document's.
 * @throws DatabaseUnavailable when the database cannot be reached or refuses the rows.
 */
export async function publish(
  db: NodePgDatabase,
  document: ResultDocument,
  digest: string,
  fingerprints: ReadFingerprint = () => Promise.resolve(null),
): Promise<Publication> {
  const text = canonicalJson(document);
  const actual = createHash('sha256').update(text).digest('hex');
  if (actual !== digest) {
    throw new DigestMismatch(`the result document has digest ${actual}`, { value: digest });
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const used = document.models.map(({ fingerprint }) => fingerprint);
      const withoutTensors = await publishTensors(db, used, fingerprints);
      const run = await db.transaction((tx) => writeDocument(tx, document, digest, text), {
        isolationLevel: 'serializable',
      });
      return { ...run, withoutTensors };
    } catch (error) {
      const state = sqlState(error);
      if (attempt < MAX_ATTEMPTS && state !== null && RETRIED_STATES.includes(state)) {
        await delay(RETRY_DELAY_MS * attempt);
        continue;
      }
      if (error instanceof JokboError) throw error;
      throw new DatabaseUnavailable(
        `cannot publish the result of programme ${JSON.stringify(document.programme.name)}` +
          `: ${rootMessage(error)}${state === null ? '' : ` (SQLSTATE ${state})`}`,
        { object: `run ${digest}`, cause: error },
      );
    }
  }
}

type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

async function writeDocument(
  tx: Transaction,
  document: ResultDocument,
  digest: string,
  text: string,
): Promise<Omit<Publication, 'withoutTensors'>> {
  const { run } = tables;
  // Before the first query, whose snapshot the transaction keeps: what another publisher committed is seen.
  await tx.execute(sql`lock table ${run} in share row exclusive mode`);
  const [known] = await tx
    .select({ runId: run.id, current: run.isCurrent })
    .from(run)
    .where(eq(run.digest, digest));
  if (known !== undefined) return { ...known, created: false };

  const sameProgramme = eq(run.programme, document.programme.name);
  const [current] = await tx.select({ runId: run.id }).from(run).where(and(sameProgramme, run.isCurrent));
  const judged = await runJudgedAgain(tx, document);
  const isCurrent = judged === null || judged.current;
  if (isCurrent) await tx.update(run).set({ isCurrent: false }).where(and(sameProgramme, run.isCurrent));
  const [written] = await tx
    .insert(run)
    .values({
      ...runRows.runRow(document, digest, text),
      isCurrent,
      supersedes: judged?.runId ?? current?.runId ?? null,
      supersededBy: isCurrent ? null : (current?.runId ?? null),
    })
    .returning({ runId: run.id });
  if (written === undefined) throw new DatabaseUnavailable('the run was not written', { object: digest });
  const { runId } = written;
  if (isCurrent) {
    await tx
      .update(run)
      .set({ supersededBy: runId })
      .where(and(sameProgramme, isNull(run.supersededBy), ne(run.id, runId)));
  }

  await insertRows(tx, tables.fingerprint, runRows.fingerprintRows(document));
  for (const [table, rows] of tableRows(runId, document)) await insertAll(tx, table, rows);
  await insertAll(tx, tables.documentHead, [documentRows.documentHeadRow(runId, document)]);
  const pairs = documentRows.documentPairRows(runId, document);
  await insertAll(tx, tables.documentPair, pairs, documentRows.DOCUMENT_PAIRS_PER_STATEMENT);
  return { runId, created: true, current: isCurrent };
}

/** The published run whose measurements the document judges again; null when it has its own, or none is known. */
async function runJudgedAgain(
  tx: Transaction,
  document: ResultDocument,
): Promise<{ readonly runId: number; readonly current: boolean } | null> {
  if (document.supersedes === undefined) return null;
  const { run } = tables;
  const [judged] = await tx
    .select({ runId: run.id, current: run.isCurrent })
    .from(run)
    .where(and(eq(run.digest, document.supersedes), eq(run.programme, document.programme.name)));
  return judged ?? null;
}

/** Every table with its rows, parents first, rows sorted by key. */
function tableRows(
  runId: number,
  document: ResultDocument,
): readonly (readonly [PgTable, readonly Record<string, unknown>[]])[] {
  const models = [...document.models].sort((a, b) => order(a.id, b.id));
  const pairs = [...document.pairs].sort(
    (a, b) => order(a.subject, b.subject) || order(a.reference, b.reference),
  );
  const bySubject = <T extends { readonly subject: string }>(sections: readonly T[] = []): readonly T[] =>
    [...sections].sort((a, b) => order(a.subject, b.subject));
  const evaluations = bySubject(document.evaluations);
  const training = bySubject(document.training);
  const selfTests = bySubject(document.self_tests);
  const statements = bySubject(document.statements);
  return [
    [tables.calibration, runRows.calibrationRows(runId, document)],
    [tables.calibrationComponent, runRows.calibrationComponentRows(runId, document)],
    [tables.model, models.map((model) => modelRows.modelRow(runId, model))],
    [tables.model, failureRows.failedModelRows(runId, document).sort((a, b) => order(a.model, b.model))],
    [tables.failure, failureRows.failureRows(runId, document)],
    [tables.modelComponent, models.flatMap((model) => modelRows.modelComponentRows(runId, model))],
    [tables.file, models.flatMap((model) => modelRows.fileRows(runId, model))],
    [tables.coverage, models.map((model) => modelRows.coverageRow(runId, model))],
    [tables.excludedTensor, models.flatMap((model) => modelRows.excludedTensorRows(runId, model))],
    [tables.finding, models.flatMap((model) => modelRows.findingRows(runId, model))],
    [tables.release, runRows.releaseRows(runId, document)],
    [tables.releaseComponent, runRows.releaseComponentRows(runId, document)],
    [
      tables.ruleEvaluation,
      evaluations.flatMap((one) => ruleRows.ruleEvaluationRows(runId, document.rules, one)),
    ],
    [
      tables.ruleEvaluationReason,
      evaluations.flatMap((one) => ruleRows.ruleEvaluationReasonRows(runId, one)),
    ],
    [tables.teamReply, statements.flatMap((one) => statementRows.teamReplyRows(runId, one))],
    [tables.declaredAncestor, statements.flatMap((one) => statementRows.declaredAncestorRows(runId, one))],
    [tables.training, training.map((section) => trainingRows.trainingRow(runId, section))],
    [tables.trainingTest, training.flatMap((section) => trainingRows.trainingTestRows(runId, section))],
    [tables.trainingPoint, training.flatMap((section) => trainingRows.trainingPointRows(runId, section))],
    [tables.selfTest, selfTests.flatMap((result) => evidenceRows.selfTestRows(runId, result))],
    [tables.selfTestBlock, selfTests.flatMap((result) => evidenceRows.selfTestBlockRows(runId, result))],
    [tables.selfTestSkipped, selfTests.flatMap((result) => evidenceRows.selfTestSkippedRows(runId, result))],
    [tables.comparison, pairs.map((pair) => pairRows.comparisonRow(runId, pair))],
    [tables.layerMap, pairs.flatMap((pair) => pairRows.layerMapRows(runId, pair))],
    [tables.alignment, pairs.flatMap((pair) => pairRows.alignmentRows(runId, pair))],
    [tables.control, pairs.flatMap((pair) => pairRows.controlRows(runId, pair))],
    [tables.evidence, pairs.flatMap((pair) => evidenceRows.evidenceRows(runId, pair))],
    [tables.evidenceBlock, pairs.flatMap((pair) => evidenceRows.evidenceBlockRows(runId, pair))],
    [tables.evidenceSkipped, pairs.flatMap((pair) => evidenceRows.evidenceSkippedRows(runId, pair))],
    [tables.verdict, pairs.flatMap((pair) => pairRows.verdictRows(runId, pair))],
    [tables.verdictReason, pairs.flatMap((pair) => pairRows.verdictReasonRows(runId, pair))],
  ];
}

/** The run is new, so every row must be: one that is not would be a second row with the same key, lost. */
async function insertAll(
  tx: Executor,
  table: PgTable,
  rows: readonly Record<string, unknown>[],
  rowsPerStatement?: number,
): Promise<void> {
  const inserted = await insertRows(tx, table, rows, rowsPerStatement);
  if (inserted === rows.length) return;
  throw new DatabaseUnavailable(
    `the result document has ${rows.length - inserted} rows with a key that another row has`,
    { object: `table ${getTableName(table)}` },
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
