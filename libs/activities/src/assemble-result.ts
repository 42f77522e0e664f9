import {
  canonicalJson,
  resultSentence,
  type AuditFailures,
  type Calibration,
  type ModelSummary,
  type PairResult,
  type PairVerdict,
  type PlannedComparison,
  type Programme,
  type ResultDocument,
  type RuleEvaluation,
  type TeamStatements,
  type TrainingSection,
  type WrittenSentence,
} from '@jokbo/contracts';
import {
  hasFailed,
  leaderboard,
  MIN_CALIBRATION_PAIRS,
  UNCALIBRATED_LAMBDA,
  type PairDisguise,
  type UncalibratedWidth,
} from '@jokbo/verdict';
import { modeOf, sha256, type ComparedEvidence } from './evidence-store.js';
import { withNormBaseline } from './norm-baseline.js';
import { recoveredAlignments, withControlFigures } from './recovered-alignments.js';
import { reproduceCommand } from './reproduce-command.js';
import { TOOL } from './tool.js';

/** Everything that a result document is made of. */
export interface ResultParts {
  readonly programme: Programme;
  /** Where each model lies: below the programme's folder, or a URI. */
  readonly places: ReadonlyMap<string, string>;
  readonly models: readonly ModelSummary[];
  readonly calibration: readonly Calibration[];
  /** What the audited pairs were judged by the default λ for. */
  readonly uncalibrated: readonly UncalibratedWidth[];
  readonly verdicts: readonly PairVerdict[];
  /** Evidence of the audited pairs and of the pairs that serve as baseline. */
  readonly evidence: readonly ComparedEvidence[];
  /** Tier 3 of the audited pairs beside its controls, by `pairName`. */
  readonly disguises: ReadonlyMap<string, PairDisguise>;
  readonly training: readonly TrainingSection[];
  readonly evaluations: readonly RuleEvaluation[];
  readonly statements: readonly TeamStatements[];
  /** Null where nothing failed. */
  readonly failures: AuditFailures | null;
}

/** Assembles the result document: a pure function of what was measured and decided. */
export function assembleResult(parts: ResultParts): ResultDocument {
  const { programme, models, calibration, verdicts, evidence } = parts;
  const audited = new Map(
    evidence
      .filter(({ comparison }) => comparison.kind === 'audit')
      .map((entry) => [pairName(entry.comparison), entry]),
  );
  const searched = new Map(
    evidence
      .filter(({ comparison }) => comparison.kind === 'disguise')
      .map(({ comparison, stored }) => [pairName(comparison), stored]),
  );
  const selfTests = evidence.flatMap(({ comparison: { kind, subject }, stored: { records } }) =>
    kind === 'self' && records.length > 0 ? [{ subject, records }] : [],
  );
  const pairs = verdicts.flatMap((verdict): PairResult[] => {
    const { subject, reference } = verdict;
    const entry = audited.get(pairName(verdict));
    if (entry === undefined) return failedPair(parts, verdict);
    const found = parts.disguises.get(pairName(verdict)) ?? null;
    const disguise = searched.get(pairName(verdict));
    const alignments = recoveredAlignments(found, disguise?.alignments ?? []);
    return [
      {
        subject,
        reference,
        mode: modeOf(entry.stored),
        verdict,
        evidence: [
          ...withNormBaseline(entry.stored.records, entry.comparison, evidence),
          ...withControlFigures(disguise?.records ?? [], found),
        ],
        maps: entry.stored.maps,
        ...(alignments.length === 0 ? {} : { alignments }),
        reproduce: commandOf(parts, entry.comparison),
      },
    ];
  });
  const tier3Run = audited.size > 0 && [...audited.keys()].every((name) => parts.disguises.get(name) != null);
  const caveats = caveatsOf(parts.uncalibrated);
  return {
    schema_version: 1,
    tool: TOOL,
    programme: {
      name: programme.name,
      language: programme.language,
      digest: sha256(canonicalJson(programme)),
      ...(programme.objections_until === undefined ? {} : { objections_until: programme.objections_until }),
    },
    rules: { ...programme.rules, digest: sha256(canonicalJson(programme.rules)), tier3_run: tier3Run },
    leaderboard: leaderboard(programme.subjects, verdicts),
    models,
    calibration,
    pairs,
    ...(parts.training.length === 0 ? {} : { training: parts.training }),
    ...(programme.rules.criteria.length === 0 ? {} : { evaluations: parts.evaluations }),
    ...(selfTests.length === 0 ? {} : { self_tests: selfTests }),
    ...(parts.statements.length === 0 ? {} : { statements: parts.statements }),
    ...(parts.failures === null ? {} : { failures: parts.failures }),
    caveats: caveats.map(({ text }) => text),
    caveat_messages: caveats.map(({ message, figures }) => ({ message, figures })),
  };
}

/** A pair of which nothing was measured. */
function failedPair(parts: ResultParts, verdict: PairVerdict): PairResult[] {
  if (!hasFailed(verdict)) return [];
  const { subject, reference } = verdict;
  const isFull = parts.programme.full.some(
    (pair) => pair.subject === subject && pair.reference === reference,
  );
  const mode = isFull ? 'full' : 'sampled';
  const reproduce = commandOf(parts, { kind: 'audit', subject, reference, mode });
  return [{ subject, reference, mode, verdict, evidence: [], maps: [], reproduce }];
}

/** Name of a pair among the pairs of one audit. */
export function pairName({
  subject,
  reference,
}: {
  readonly subject: string;
  readonly reference: string;
}): string {
  return `${subject}|${reference}`;
}

/** The command that measures a pair again, run in the programme's folder. */
function commandOf({ programme, places }: ResultParts, comparison: PlannedComparison): string {
  const place = (id: string): string => places.get(id) ?? id;
  const family = programme.references.find(({ id }) => id === comparison.reference)?.family;
  const controls = programme.controls.negative.filter(
    (id) => programme.references.find((reference) => reference.id === id)?.family !== family,
  );
  return reproduceCommand({
    subject: place(comparison.subject),
    reference: place(comparison.reference),
    controls: controls.map(place),
    features: programme.budget.features,
    full: comparison.mode === 'full',
  });
}

/** What limits the whole audit; that disguise tests did not run stands in `rules`. */
function caveatsOf(uncalibrated: readonly UncalibratedWidth[]): WrittenSentence[] {
  return uncalibrated.map(({ width, statistics }) => {
    const figures = { pairs: MIN_CALIBRATION_PAIRS, lambda: UNCALIBRATED_LAMBDA, statistics };
    return width === null
      ? resultSentence('caveat_uncalibrated', figures)
      : resultSentence('caveat_uncalibrated_width', { ...figures, width });
  });
}
