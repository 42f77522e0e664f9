import {
  COMPONENTS,
  POSITIVE_VERDICTS,
  VERDICTS,
  type ComponentVerdict,
  type LeaderboardRow,
  type PairVerdict,
  type SubjectEntry,
  type VerdictClass,
} from '@jokbo/contracts';
import { hasFailed } from './failed-pair.js';
import { moreSevere } from './roll-up.js';

type LeaderboardSubject = Pick<SubjectEntry, 'id' | 'team' | 'release'>;

/**
 * One row per release: the most severe outcome over its references, per component the most severe verdict and
 * the reference that gave it. Sorted by severity, then share inherited, then name; never a score.
 */
export function leaderboard(
  subjects: readonly LeaderboardSubject[],
  pairs: readonly PairVerdict[],
): LeaderboardRow[] {
  const rows = subjects.map((subject) =>
    leaderboardRow(
      subject,
      pairs.filter((pair) => pair.subject === subject.id),
    ),
  );
  return rows.sort(
    (a, b) =>
      VERDICTS.indexOf(a.outcome) - VERDICTS.indexOf(b.outcome) ||
      (b.linked_share ?? 0) - (a.linked_share ?? 0) ||
      (a.team < b.team ? -1 : a.team > b.team ? 1 : a.release < b.release ? -1 : 1),
  );
}

function leaderboardRow(subject: LeaderboardSubject, pairs: readonly PairVerdict[]): LeaderboardRow {
  const counted = decidingPairs(pairs);
  const [nearest, ...tied] = nearestPairs(counted);
  const controls = pairs.flatMap((pair) => pair.controls).filter((control) => control.passed !== null);
  const components = COMPONENTS.flatMap((component) => {
    const verdicts = counted.flatMap((pair) =>
      pair.components
        .filter((entry) => entry.component === component)
        .map((entry) => ({ entry, reference: pair.reference })),
    );
    const worst = verdicts.sort((a, b) => compareVerdicts(a.entry, b.entry))[0];
    if (worst === undefined) return [];
    const { entry, reference } = worst;
    return [
      {
        component,
        verdict: entry.verdict,
        nearest: entry.verdict === 'not_comparable' ? null : reference,
        z: entry.z,
      },
    ];
  });
  return {
    team: subject.team,
    release: subject.release,
    subject: subject.id,
    outcome: outcomeOf(counted),
    declared: counted.some((pair) => pair.declared),
    components,
    linked_share: counted.reduce<number | null>(
      (largest, { verdict, linked_share: share }) =>
        verdict === 'not_comparable' || share === null ? largest : Math.max(largest ?? 0, share),
      null,
    ),
    nearest: nearest?.reference ?? null,
    ...(nearest === undefined || tied.length === 0
      ? {}
      : { nearest_ties: [nearest, ...tied].map(({ reference }) => reference) }),
    comparable_references: pairs.filter((pair) => pair.verdict !== 'not_comparable').length,
    references: pairs.length,
    controls_passed: controls.filter((control) => control.passed === true).length,
    controls_due: controls.length,
  };
}

/**
 * The positive pairs of the most severe class and, of these, of the largest share: several where they tie, by falling
 * effect, those without one last, then by name.
 */
function nearestPairs(pairs: readonly PairVerdict[]): readonly PairVerdict[] {
  const share = (pair: PairVerdict): number => pair.linked_share ?? 0;
  const rank = (a: PairVerdict, b: PairVerdict): number =>
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || share(b) - share(a);
  const sorted = pairs
    .filter(isPositive)
    .sort(
      (a, b) =>
        rank(a, b) ||
        (linkedEffect(b) ?? -1) - (linkedEffect(a) ?? -1) ||
        (a.reference < b.reference ? -1 : 1),
    );
  return sorted.filter((pair) => sorted[0] !== undefined && rank(sorted[0], pair) === 0);
}

/** Mean |r| of the linked components, each by its linked parameters; null where none of them has an r. */
function linkedEffect({ components }: PairVerdict): number | null {
  let sum = 0;
  let weight = 0;
  for (const { r, parameters_linked } of components) {
    if (r === null) continue;
    sum += Math.abs(r) * parameters_linked;
    weight += parameters_linked;
  }
  return weight === 0 ? null : sum / weight;
}

/** A reference that was due and could not be compared leaves open what else would be clean. */
function outcomeOf(pairs: readonly PairVerdict[]): VerdictClass {
  const outcome = pairs.reduce<VerdictClass>(
    (held, pair) => moreSevere(held, pair.verdict),
    'not_comparable',
  );
  return outcome === 'no_link_found' && pairs.some(hasFailed) ? 'inconclusive' : outcome;
}

/**
 * The pairs that a row speaks of: those that nobody declared if one of them is positive, so that a declared base
 * never hides another; else all.
 */
function decidingPairs(pairs: readonly PairVerdict[]): readonly PairVerdict[] {
  const undeclared = pairs.filter((pair) => !pair.declared);
  return undeclared.some(isPositive) ? undeclared : pairs;
}

function isPositive(pair: PairVerdict): boolean {
  return POSITIVE_VERDICTS.includes(pair.verdict);
}

function compareVerdicts(a: ComponentVerdict, b: ComponentVerdict): number {
  return (
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
    Math.abs(b.z_calibrated ?? 0) - Math.abs(a.z_calibrated ?? 0)
  );
}
