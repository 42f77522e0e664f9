import type { ReleaseChanges, VerdictChange } from '@jokbo/report';
import type { AskViews } from './query-views.js';

/** What moved of a release, without where the result before is read. */
export interface ReadChanges extends Omit<ReleaseChanges, 'previous'> {
  /** Digest of the result before. */
  readonly previous: string;
}

interface ChangeRow extends VerdictChange {
  readonly previous: string;
  readonly method: boolean;
  readonly rules: boolean;
  readonly references: boolean;
  readonly references_added: readonly string[];
  readonly references_removed: readonly string[];
}

/** A release in a run and in the one before it; null where there was none, or neither has a verdict on it. */
export async function readChanges(
  ask: AskViews,
  runId: number,
  subject: string,
): Promise<ReadChanges | null> {
  const rows = await ask<ChangeRow>(
    `select previous_run_sha256 as previous, reference, component, change, verdict_before as before,
       verdict_after as after, data_changed as data, declaration_changed as declaration, method_changed as method,
       rule_set_changed as rules, reference_set_changed as "references", references_added, references_removed
     from report_v1.changes_since where run_id = $1 and subject = $2 order by reference, component nulls first`,
    [runId, subject],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const { previous, method, rules, references, references_added, references_removed } = first;
  return {
    ...{ previous, method, rules, references, references_added, references_removed },
    verdicts: rows.map(({ reference, component, change, before, after, data, declaration }) => ({
      ...{ reference, component, change, before, after },
      ...{ data, declaration },
    })),
  };
}
