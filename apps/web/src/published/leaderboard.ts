import { COMPONENTS, type Component, type VerdictClass } from '@jokbo/contracts';
import { addressOf } from '../address.js';
import type { AskViews } from './query-views.js';

/** One release of the leaderboard, as the view has it. */
export interface LeaderboardEntry {
  /** Address of the release. */
  readonly id: string;
  readonly position: number;
  readonly team: string;
  readonly release: string;
  readonly subject: string;
  /** Null where the release could not be read. */
  readonly model_revision: string | null;
  readonly outcome: VerdictClass;
  readonly declared: boolean;
  readonly components: readonly {
    readonly component: Component;
    readonly verdict: VerdictClass;
    readonly nearest: string | null;
  }[];
  readonly linked_share: number | null;
  readonly nearest: string | null;
  /** Every reference that ties with it, by falling effect; null where none does. */
  readonly nearest_ties: readonly string[] | null;
  readonly comparable_references: number;
  readonly references: number;
  readonly controls_passed: number;
  readonly controls_due: number;
  readonly criteria_passed: number | null;
  readonly criteria_failed: number | null;
  readonly criteria_not_provided: number | null;
  /** Outcome in the run before; null where it had no such release. */
  readonly previous_outcome: VerdictClass | null;
}

type ComponentColumns = Readonly<Record<Component, VerdictClass | null>> &
  Readonly<Record<`${Component}_nearest`, string | null>>;

const STATEMENT = `select position, team, release, subject, model_revision, outcome, declared, linked_share, nearest,
    nearest_ties,
    comparable_references, references_total as references, controls_passed, controls_due, criteria_passed,
    criteria_failed, criteria_not_provided, previous_outcome,
    ${COMPONENTS.map((component) => `${component}, ${component}_nearest`).join(', ')}
  from report_v1.leaderboard where run_id = $1 order by position`;

/** The leaderboard of a run, in its order. */
export async function readLeaderboard(ask: AskViews, runId: number): Promise<LeaderboardEntry[]> {
  const rows = await ask<Omit<LeaderboardEntry, 'id' | 'components'> & ComponentColumns>(STATEMENT, [runId]);
  return rows.map((row) => ({
    id: addressOf(row.subject),
    position: row.position,
    team: row.team,
    release: row.release,
    subject: row.subject,
    model_revision: row.model_revision,
    outcome: row.outcome,
    declared: row.declared,
    components: COMPONENTS.flatMap((component) => {
      const verdict = row[component];
      return verdict === null ? [] : [{ component, verdict, nearest: row[`${component}_nearest`] }];
    }),
    linked_share: row.linked_share,
    nearest: row.nearest,
    nearest_ties: row.nearest_ties,
    comparable_references: row.comparable_references,
    references: row.references,
    controls_passed: row.controls_passed,
    controls_due: row.controls_due,
    criteria_passed: row.criteria_passed,
    criteria_failed: row.criteria_failed,
    criteria_not_provided: row.criteria_not_provided,
    previous_outcome: row.previous_outcome,
  }));
}
