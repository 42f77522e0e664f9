-- The sets are found once for two runs, not for every verdict: OFFSET 0 keeps them out of the rows.
CREATE OR REPLACE VIEW report_v1.changes_since AS
select run.run_id, run.run_sha256, run.programme, run.method_version, run.is_current, run.superseded_by,
  before.run_id as previous_run_id, before.run_sha256 as previous_run_sha256,
  change.subject, change.reference, change.component, change.change, change.verdict_before, change.verdict_after, change.data_changed, change.declaration_changed, change.method_changed, change.rule_set_changed, change.reference_set_changed,
  named.references_added, named.references_removed
from report_v1.runs run
join report_v1.runs before on before.run_id = run.supersedes
cross join lateral (
  select
    array(
      select model.model from "public"."model" model where model.run_id = run.run_id and model.role = 'reference'
      except select model.model from "public"."model" model where model.run_id = before.run_id and model.role = 'reference'
      order by 1
    ) as references_added,
    array(
      select model.model from "public"."model" model where model.run_id = before.run_id and model.role = 'reference'
      except select model.model from "public"."model" model where model.run_id = run.run_id and model.role = 'reference'
      order by 1
    ) as references_removed
  offset 0
) named
cross join lateral report_v1.changes_between(before.run_id, run.run_id) change;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.changes_since.references_added IS 'Ids of references that the run before did not have; empty where there is none.';
COMMENT ON COLUMN report_v1.changes_since.references_removed IS 'Ids of references of the run before that this one does not have; empty where there is none.';
