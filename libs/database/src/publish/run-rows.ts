import type { ResultDocument } from '@jokbo/contracts';
import type { calibration, fingerprint, release, releaseComponent, run } from '../schema/tables.js';

/** The row of `run` for a document, but for what the database decides: id, time and currency. */
export function runRow(
  document: ResultDocument,
  digest: string,
  text: string,
): Omit<typeof run.$inferInsert, 'isCurrent' | 'supersededBy' | 'createdAt'> {
  return {
    digest,
    schemaVersion: document.schema_version,
    programme: document.programme.name,
    programmeDigest: document.programme.digest,
    language: document.programme.language,
    toolName: document.tool.name,
    toolVersion: document.tool.version,
    sampling: document.tool.sampling,
    ruleSet: document.rules.id,
    requireTier3: document.rules.require_tier3,
    tier3Run: document.rules.tier3_run,
    caveats: [...document.caveats],
    document: text,
  };
}

/** λ per kind of statistic and width. */
export function calibrationRows(
  runId: number,
  document: ResultDocument,
): (typeof calibration.$inferInsert)[] {
  return document.calibration.map(({ statistic, width, lambda, calibrated, pairs, z }) => ({
    runId,
    statistic,
    width,
    lambda,
    calibrated,
    pairs,
    z: [...z],
  }));
}

/** Content addresses of the fingerprints used, each once. */
export function fingerprintRows(document: ResultDocument): (typeof fingerprint.$inferInsert)[] {
  return [...new Set(document.models.map((model) => model.fingerprint))]
    .sort()
    .map((digest) => ({ digest, sampling: document.tool.sampling }));
}

/** The leaderboard, in its order. */
export function releaseRows(runId: number, document: ResultDocument): (typeof release.$inferInsert)[] {
  return document.leaderboard.map((row, index) => ({
    runId,
    subject: row.subject,
    position: index + 1,
    team: row.team,
    release: row.release,
    outcome: row.outcome,
    declared: row.declared,
    linkedShare: row.linked_share,
    nearest: row.nearest,
    comparableReferences: row.comparable_references,
    referenceCount: row.references,
    controlsPassed: row.controls_passed,
    controlsDue: row.controls_due,
  }));
}

/** The leaderboard's cells. */
export function releaseComponentRows(
  runId: number,
  document: ResultDocument,
): (typeof releaseComponent.$inferInsert)[] {
  return document.leaderboard.flatMap((row) =>
    row.components.map((cell) => ({ runId, subject: row.subject, ...cell })),
  );
}
