import {
  ObjectMissing,
  POSITIVE_VERDICTS,
  UsageError,
  VERDICTS,
  type PairVerdict,
  type VerdictClass,
} from '@jokbo/contracts';

/** What the exit status of `jokbo` says. */
export const EXIT = {
  clean: 0,
  finding: 1,
  usage: 2,
  failed: 3,
  inconclusive: 4,
  mismatch: 5,
} as const;

/** Which verdicts count as a finding. */
export interface FindingRule {
  /** The mildest class that counts. */
  readonly failOn: VerdictClass;
  /** Whether ancestry that the team declared counts. */
  readonly declared?: boolean | undefined;
}

/** Classes that `--fail-on` may name, most severe first. */
export const FINDING_CLASSES = POSITIVE_VERDICTS;

/** What the status needs to know of a pair. */
export type DecidedPair = Pick<PairVerdict, 'subject' | 'verdict' | 'declared' | 'comparable_share'>;

/** Releases of which nothing was comparable with any reference: that is neither a finding nor clean. */
export function unmeasuredReleases(
  releases: readonly string[],
  pairs: readonly Pick<DecidedPair, 'subject' | 'verdict' | 'comparable_share'>[],
): string[] {
  const measured = new Set(
    pairs
      .filter(({ verdict, comparable_share: share }) => verdict !== 'not_comparable' || share > 0)
      .map(({ subject }) => subject),
  );
  return releases.filter((release) => !measured.has(release));
}

/**
 * Status of pairs that were decided: a finding before an open question, an open question before clean.
 *
 * @param releases Ids of all that was to be judged, also of releases that have no pair.
 */
export function exitCodeOfPairs(
  releases: readonly string[],
  pairs: readonly DecidedPair[],
  rule: FindingRule,
): number {
  const severe = (verdict: VerdictClass): boolean =>
    POSITIVE_VERDICTS.includes(verdict) && VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(rule.failOn);
  if (pairs.some(({ verdict, declared }) => severe(verdict) && (rule.declared === true || !declared))) {
    return EXIT.finding;
  }
  const open =
    pairs.some(({ verdict }) => verdict === 'invalid' || verdict === 'inconclusive') ||
    unmeasuredReleases(releases, pairs).length > 0;
  return open ? EXIT.inconclusive : EXIT.clean;
}

/** Status of a run that threw: 2 when what was asked for is wrong or absent, else 3. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof UsageError || error instanceof ObjectMissing ? EXIT.usage : EXIT.failed;
}

/** Help on the status, for the end of `--help`. */
export const EXIT_HELP = `
Exit status:
  0  no finding
  1  a finding at or above --fail-on
  2  the command, the programme or an argument is wrong
  3  the run failed or is incomplete
  4  inconclusive, a control failed, or nothing of a release could be compared
  5  verify or reproduce found what is not as it was published`;
