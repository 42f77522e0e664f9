import type { ResultDocument } from '@jokbo/contracts';
import { visibleText } from '@jokbo/report';
import type { CommandContext } from './command-context.js';
import {
  EXIT,
  exitCodeOfPairs,
  unmeasuredReleases,
  type DecidedPair,
  type FindingRule,
} from './exit-code.js';
import { writeText } from './terminal/write-text.js';

/** What was to be judged: an id and a name. */
export interface JudgedRelease {
  readonly id: string;
  readonly name: string;
}

/**
 * The exit status of pairs that were decided. Says on stderr, also under `--quiet`, of which releases nothing could be
 * measured: no table of theirs has a line that would tell.
 */
export async function judgePairs(
  context: CommandContext,
  releases: readonly JudgedRelease[],
  pairs: readonly DecidedPair[],
  rule: FindingRule,
): Promise<number> {
  const ids = releases.map(({ id }) => id);
  const unmeasured = new Set(unmeasuredReleases(ids, pairs));
  for (const { id, name } of releases) {
    if (!unmeasured.has(id)) continue;
    const text = `nothing of ${visibleText(name)} could be compared with any reference`;
    await writeText(context.host.stderr, `jokbo: ${text}, so it is neither clean nor a finding\n`);
  }
  return exitCodeOfPairs(ids, pairs, rule);
}

/** Failures that are spelled out; the report has all. */
const MOST_FAILURES = 20;

/** {@link judgePairs} for every release of a result; one of which a part failed is incomplete, whatever was found. */
export async function judgeResult(
  context: CommandContext,
  document: ResultDocument,
  rule: FindingRule,
): Promise<number> {
  const { models = [], comparisons = [], training = [] } = document.failures ?? {};
  const failed = [
    ...models.map(({ id, code, message }) => `${id} could not be read: ${code}: ${message}`),
    ...comparisons.map(
      ({ kind, subject, reference, code, message }) =>
        `comparison ${kind} ${subject} × ${reference} failed: ${code}: ${message}`,
    ),
    ...training.map(
      ({ subject, code, message }) =>
        `training records of ${subject} could not be tested: ${code}: ${message}`,
    ),
  ];
  for (const text of failed.slice(0, MOST_FAILURES)) {
    await writeText(context.host.stderr, `jokbo: ${visibleText(text)}\n`);
  }
  if (failed.length > MOST_FAILURES) {
    await writeText(context.host.stderr, `jokbo: ${failed.length - MOST_FAILURES} more failed\n`);
  }
  const code = await judgePairs(
    context,
    document.leaderboard.map(({ subject, release }) => ({ id: subject, name: release })),
    document.pairs.map(({ verdict }) => verdict),
    rule,
  );
  return failed.length > 0 ? EXIT.failed : code;
}
