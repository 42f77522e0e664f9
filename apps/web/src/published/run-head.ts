import { NotFound } from '../problem.js';
import type { AskViews } from './query-views.js';

/** One published result, without its content. */
export interface RunHead {
  readonly run_id: number;
  /** SHA-256 of the result document, by which it is asked for. */
  readonly digest: string;
  readonly programme: string;
  readonly language: 'ko' | 'en';
  readonly tool_version: string;
  readonly rule_set: string;
  readonly rule_set_version: number | null;
  readonly published_at: Date;
  readonly is_current: boolean;
  /** Digest of the result that took its place; null where it is current. */
  readonly superseded_by: string | null;
}

const HEADS = `select run.run_id, run.run_sha256 as digest, run.programme, run.language,
    run.method_version as tool_version, run.rule_set, run.rule_set_version, run.published_at, run.is_current,
    successor.run_sha256 as superseded_by
  from report_v1.runs as run left join report_v1.runs as successor on successor.run_id = run.superseded_by`;

/**
 * The run that a request means.
 *
 * @param which digest of a result, or `latest`: the current one that was published last.
 * @throws NotFound when there is none.
 */
export async function findRun(ask: AskViews, which: string): Promise<RunHead> {
  const [head] =
    which === 'latest'
      ? await ask<RunHead>(`${HEADS} where run.is_current order by run.run_id desc limit 1`)
      : await ask<RunHead>(`${HEADS} where run.run_sha256 = $1`, [which]);
  if (head === undefined) {
    throw new NotFound(which === 'latest' ? 'nothing has been published yet' : 'there is no such result');
  }
  return head;
}

export interface RunPage {
  readonly items: readonly RunHead[];
  /** What to ask for the next rows; null where these are the last. */
  readonly next_cursor: string | null;
}

/** Published runs, the newest first; `before` is the cursor of the page before. */
export async function listRuns(ask: AskViews, limit: number, before: string | null): Promise<RunPage> {
  const found = await ask<RunHead>(
    `${HEADS} where $1::bigint is null or run.run_id < $1::bigint order by run.run_id desc limit $2`,
    [before, limit + 1],
  );
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: found.length > limit && last !== undefined ? String(last.run_id) : null };
}
