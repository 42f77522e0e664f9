import {
  canonicalJson,
  type Calibration,
  type ModelSummary,
  type PairResult,
  type PairVerdict,
  type PlannedComparison,
  type Programme,
  type ResultDocument,
} from '@jokbo/contracts';
import { SAMPLING_SCHEME } from '@jokbo/fingerprint';
import { leaderboard } from '@jokbo/verdict';
import { sha256, type StoredEvidence } from './evidence-store.js';
import { withNormBaseline } from './norm-baseline.js';
import { VERSION } from './version.js';

/** Everything that a result document is made of. */
export interface ResultParts {
  readonly programme: Programme;
  readonly models: readonly ModelSummary[];
  readonly calibration: readonly Calibration[];
  readonly verdicts: readonly PairVerdict[];
  /** Evidence of the audited pairs and of the pairs that serve as baseline. */
  readonly evidence: readonly { readonly comparison: PlannedComparison; readonly stored: StoredEvidence }[];
}

/** Assembles the result document: a pure function of what was measured and decided. */
export function assembleResult(parts: ResultParts): ResultDocument {
  const { programme, models, calibration, verdicts, evidence } = parts;
  const audited = new Map(
    evidence
      .filter(({ comparison }) => comparison.kind === 'audit')
      .map((entry) => [`${entry.comparison.subject}|${entry.comparison.reference}`, entry]),
  );
  const pairs = verdicts.flatMap((verdict): PairResult[] => {
    const entry = audited.get(`${verdict.subject}|${verdict.reference}`);
    if (entry === undefined) return [];
    const { subject, reference } = verdict;
    return [
      {
        subject,
        reference,
        mode: entry.stored.records.some(({ mode }) => mode === 'full') ? 'full' : 'sampled',
        verdict,
        evidence: withNormBaseline(entry.stored.records, entry.comparison, evidence),
        maps: entry.stored.maps,
        reproduce: `jokbo compare ${sourceOf(programme, subject)} ${sourceOf(programme, reference)}`,
      },
    ];
  });
  return {
    schema_version: 1,
    tool: { name: 'jokbo', version: VERSION, sampling: SAMPLING_SCHEME },
    programme: {
      name: programme.name,
      language: programme.language,
      digest: sha256(canonicalJson(programme)),
    },
    rules: { id: programme.rules.id, require_tier3: programme.rules.require_tier3, tier3_run: false },
    leaderboard: leaderboard(programme.subjects, verdicts),
    models,
    calibration,
    pairs,
    caveats: caveatsOf(programme, calibration),
  };
}

function sourceOf(programme: Programme, id: string): string {
  const entry = [...programme.subjects, ...programme.references].find((candidate) => candidate.id === id);
  return entry?.source ?? id;
}

function caveatsOf(programme: Programme, calibration: readonly Calibration[]): string[] {
  const caveats = ['tier3-not-run'];
  if (!programme.rules.require_tier3) caveats.push('tier3-waived');
  if (!calibration.some(({ calibrated }) => calibrated)) caveats.push('uncalibrated');
  return caveats;
}
