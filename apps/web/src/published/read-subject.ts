import { addressOf } from '../address.js';
import { NotFound } from '../problem.js';
import type { AskViews } from './query-views.js';

/**
 * The release of an address, from the leaderboard alone.
 *
 * @throws NotFound when the run has none.
 */
export async function readSubject(ask: AskViews, runId: number, id: string): Promise<string> {
  const rows = await ask<{ subject: string }>('select subject from report_v1.leaderboard where run_id = $1', [
    runId,
  ]);
  const row = rows.find(({ subject }) => addressOf(subject) === id);
  if (row === undefined) throw new NotFound('the result has no such release');
  return row.subject;
}
