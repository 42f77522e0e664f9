import type { AskViews } from './query-views.js';

/** What was scanned of one model, and what was not. */
export interface CoverageEntry {
  readonly model: string;
  readonly name: string;
  readonly role: 'subject' | 'reference';
  /** This and every count is null where the model could not be read. */
  readonly model_revision: string | null;
  readonly tensors: number | null;
  readonly mapped: number | null;
  readonly parameters: number | null;
  readonly parameters_mapped: number | null;
  /** Null also where the model has no parameters. */
  readonly mapped_share: number | null;
  /** All of them; `excluded` lists the first by name. */
  readonly tensors_excluded: number | null;
  /** Name of the error for which it could not be read; null where it was. */
  readonly failure: string | null;
  readonly excluded: readonly {
    readonly stored: string;
    readonly reason: string;
    readonly parameters: number;
  }[];
  readonly findings: readonly string[];
}

interface ExcludedRow {
  readonly model: string;
  readonly stored: string;
  readonly reason: string;
  readonly parameters: number;
}

/** Coverage of every model of a run. */
export async function readCoverage(ask: AskViews, runId: number): Promise<CoverageEntry[]> {
  const models = await ask<Omit<CoverageEntry, 'excluded'>>(
    `select model, name, role, model_revision, tensors, mapped, parameters, parameters_mapped, mapped_share,
       tensors_excluded, findings, failure
     from report_v1.coverage where run_id = $1 order by role desc, model`,
    [runId],
  );
  const excluded = await ask<ExcludedRow>(
    `select model, stored_name as stored, reason, parameters
     from report_v1.excluded_tensors where run_id = $1 order by model, stored_name`,
    [runId],
  );
  const byModel = new Map<string, Omit<ExcludedRow, 'model'>[]>();
  for (const { model, ...tensor } of excluded) byModel.set(model, [...(byModel.get(model) ?? []), tensor]);
  return models.map((entry) => ({ ...entry, excluded: byModel.get(entry.model) ?? [] }));
}
