import type { OutcomeChanges } from '@jokbo/report';
import type { AskViews } from './query-views.js';

/** Outcomes of a run beside those of the run before, without where that is read. */
export interface ReadOutcomes extends Pick<OutcomeChanges, 'releases'> {
  /** Digest of the result before. */
  readonly previous: string;
}

/** The outcomes of a run beside those of the one before it, in the order of the leaderboard; null where there was none. */
export async function readOutcomes(ask: AskViews, runId: number): Promise<ReadOutcomes | null> {
  const [before] = await ask<{ previous: string }>(
    `select before.run_sha256 as previous
     from report_v1.runs run join report_v1.runs before on before.run_id = run.supersedes where run.run_id = $1`,
    [runId],
  );
  if (before === undefined) return null;
  const releases = await ask<ReadOutcomes['releases'][number]>(
    `select subject, previous_outcome as before, outcome as after
     from report_v1.leaderboard where run_id = $1 order by position`,
    [runId],
  );
  return { ...before, releases };
}
