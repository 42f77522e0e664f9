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
  const nearest = [...counted].sort(
    (a, b) =>
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
      (b.linked_share ?? 0) - (a.linked_share ?? 0) ||
      (a.reference < b.reference ? -1 : 1),
  )[0];
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
    nearest: nearest !== undefined && isPositive(nearest) ? nearest.reference : null,
    comparable_references: pairs.filter((pair) => pair.verdict !== 'not_comparable').length,
    references: pairs.length,
    controls_passed: controls.filter((control) => control.passed === true).length,
    controls_due: controls.length,
  };
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
