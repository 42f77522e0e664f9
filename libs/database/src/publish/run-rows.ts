import type { ResultDocument } from '@jokbo/contracts';
import type {
  calibration,
  calibrationComponent,
  fingerprint,
  release,
  releaseComponent,
  run,
} from '../schema/tables.js';

/** The row of `run` for a document, but for what the database decides: id, time, currency and the run before. */
export function runRow(
  document: ResultDocument,
  digest: string,
  text: string,
): Omit<typeof run.$inferInsert, 'isCurrent' | 'supersededBy' | 'supersedes' | 'createdAt'> {
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
    ruleSetVersion: document.rules.version,
    ruleSetDigest: document.rules.digest,
    ruleThresholds: document.rules.thresholds,
    supersedesDigest: document.supersedes ?? null,
    requireTier3: document.rules.require_tier3,
    tier3Run: document.rules.tier3_run,
    caveats: [...document.caveats],
    objectionsUntil: document.programme.objections_until ?? null,
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

/** λ per kind of statistic, width and component. */
export function calibrationComponentRows(
  runId: number,
  document: ResultDocument,
): (typeof calibrationComponent.$inferInsert)[] {
  return document.calibration.flatMap(({ statistic, width, components }) =>
    (components ?? []).map(({ component, lambda, pairs, z }) => ({
      runId,
      statistic,
      width,
      component,
      lambda,
      pairs,
      z: [...z],
    })),
  );
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
    nearestTies: row.nearest_ties === undefined ? null : [...row.nearest_ties],
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
