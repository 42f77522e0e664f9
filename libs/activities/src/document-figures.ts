import {
  canonicalJson,
  resultSentence,
  type CodedSentence,
  type LeaderboardRow,
  type ResultDocument,
  type ResultMessage,
} from '@jokbo/contracts';
import { lambdaFromZ } from '@jokbo/statistics';
import { leaderboard } from '@jokbo/verdict';
import { sha256, type ComparedEvidence } from './evidence-store.js';
import { withNormBaseline } from './norm-baseline.js';
import { figureOf, objectFigures, type FigurePlace, type ReproducedFigure } from './reproduced-figure.js';

const DOCUMENT: FigurePlace = { component: '', record: null, of: '' };

/**
 * Holds what a result says of its own pairs against the pairs themselves, without a measurement: leaderboard, digest of
 * the rules, λ, third-model baselines, and the English sentences beside their keys. In `measured` stands what follows
 * from the rest of the document.
 */
export function documentFigures(document: ResultDocument): ReproducedFigure[] {
  return [
    figureOf(DOCUMENT, 'digest of the rules', document.rules.digest, rulesDigest(document)),
    ...lambdaFigures(document),
    ...leaderboardFigures(document),
    ...document.pairs.flatMap((pair) => pairFigures(document, pair)),
    ...sentenceFigures('caveat', document.caveats, document.caveat_messages),
  ];
}

function rulesDigest({ rules }: ResultDocument): string {
  const { id, version, title, thresholds, require_tier3, criteria } = rules;
  return sha256(canonicalJson({ id, version, title, thresholds, require_tier3, criteria }));
}

function lambdaFigures({ calibration }: ResultDocument): ReproducedFigure[] {
  return calibration
    .filter(({ calibrated }) => calibrated)
    .map(({ statistic, width, lambda, z }) =>
      figureOf(DOCUMENT, `λ of ${statistic} at width ${String(width)}`, lambda, lambdaFromZ(z)),
    );
}

function leaderboardFigures({ leaderboard: rows, pairs }: ResultDocument): ReproducedFigure[] {
  const subjects = rows.map(({ subject, team, release }) => ({ id: subject, team, release }));
  const verdicts = pairs.map(({ verdict }) => verdict);
  const own = new Map(leaderboard(subjects, verdicts).map((row, at) => [row.subject, { ...row, at }]));
  return rows.flatMap((row, at) => {
    const place = { ...DOCUMENT, of: `leaderboard ${row.subject}` };
    const known = new Set(Object.keys(row));
    const derived = own.get(row.subject);
    return [
      figureOf(place, 'position', at + 1, derived === undefined ? null : derived.at + 1),
      // Rows of an older result lack what was added since.
      ...objectFigures(
        place,
        row,
        derived && { ...derived, nearest: nearestOf(row, derived) },
        (key) => !known.has(key),
      ),
    ];
  });
}

/** An older result names the first by name of references that tie, and lists none. */
function nearestOf(published: LeaderboardRow, derived: LeaderboardRow): string | null {
  const { nearest } = published;
  const tied = published.nearest_ties === undefined ? (derived.nearest_ties ?? []) : [];
  return nearest !== null && tied.includes(nearest) ? nearest : derived.nearest;
}

function pairFigures(document: ResultDocument, pair: ResultDocument['pairs'][number]): ReproducedFigure[] {
  const { subject, reference, verdict } = pair;
  const of = `${subject} / ${reference}`;
  const names = { subject: verdict.subject, reference: verdict.reference };
  const sentences = [verdict, ...verdict.components].flatMap(({ reasons }) => reasons);
  return [
    ...objectFigures({ ...DOCUMENT, of }, names, { subject, reference }),
    ...baselineFigures(document, pair),
    ...sentenceFigures(
      `${of} reason`,
      sentences.map(({ text }) => text),
      sentences.map(({ message, figures }) =>
        message === undefined || figures === undefined ? null : { message, figures },
      ),
    ),
  ];
}

function baselineFigures(
  { pairs }: ResultDocument,
  { subject, reference, mode, evidence }: ResultDocument['pairs'][number],
): ReproducedFigure[] {
  const comparison = { kind: 'audit', subject, reference, mode } as const;
  const others = pairs.map((pair): ComparedEvidence => ({
    comparison: { kind: 'audit', subject: pair.subject, reference: pair.reference, mode: pair.mode },
    stored: { records: pair.evidence, maps: pair.maps },
  }));
  const again = withNormBaseline(evidence, comparison, others);
  return evidence.flatMap(({ component, method, id, details }, at) => {
    const isBaseline = (key: string): boolean => key.startsWith('baseline_');
    if (!Object.keys(details).some(isBaseline)) return [];
    const place = { component, record: id, of: `${subject} / ${reference} ${method}` };
    return objectFigures(place, details, again[at]?.details, (key) => !isBaseline(key));
  });
}

/** One figure for each sentence that is not what its key and figures say. */
function sentenceFigures(
  of: string,
  texts: readonly string[],
  coded: readonly (CodedSentence | null)[] = [],
): ReproducedFigure[] {
  return texts.flatMap((text, at) => {
    const sentence = coded[at] ?? null;
    const written = sentence === null ? null : englishOf(sentence);
    return written === null ? [] : [figureOf({ ...DOCUMENT, of }, 'in English', text, written)];
  });
}

/** Null for a sentence of another version of the tool. */
function englishOf({ message, figures }: CodedSentence): string | null {
  try {
    return resultSentence(message as ResultMessage, figures as never).text;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
