CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."failure"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."failure"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_row"();
--> statement-breakpoint
CREATE VIEW report_v1.failures AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  failure.position, failure.part, failure.model, model.name, model.role, model.team,
  failure.reference, failure.kind, failure.mode, failure.code, failure.rule, failure.object, failure.tensor, failure.message
from "public"."failure" failure
join "public"."run" run on run.id = failure.run_id
join "public"."model" model on model.run_id = failure.run_id and model.model = failure.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.failures IS 'One row per model or comparison of a run that failed for good while the audit went on with the others. What depends on it is not clean.';
COMMENT ON COLUMN report_v1.failures.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.failures.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.failures.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.failures.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.failures.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.failures.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.failures.position IS 'Place among the failures of the run, from 1: models first.';
COMMENT ON COLUMN report_v1.failures.part IS 'model (it could not be read) or comparison (both models were read, the comparison failed).';
COMMENT ON COLUMN report_v1.failures.model IS 'Id of the model that could not be read, or of the first of the comparison.';
COMMENT ON COLUMN report_v1.failures.name IS 'Name of that model.';
COMMENT ON COLUMN report_v1.failures.role IS 'subject or reference.';
COMMENT ON COLUMN report_v1.failures.team IS 'Team that released it; NULL for references.';
COMMENT ON COLUMN report_v1.failures.reference IS 'Id of the other model of the comparison; NULL for a model.';
COMMENT ON COLUMN report_v1.failures.kind IS 'What the comparison was for: audit, negative, derivative, calibration, int8, identity, disguise or self; NULL for a model.';
COMMENT ON COLUMN report_v1.failures.mode IS 'sampled or full; NULL for a model.';
COMMENT ON COLUMN report_v1.failures.code IS 'Name of the error, e.g. MalformedCheckpoint.';
COMMENT ON COLUMN report_v1.failures.rule IS 'Rule of its format that the object breaks; NULL where the error names none.';
COMMENT ON COLUMN report_v1.failures.object IS 'The object: below the folder of the programme, or a URI; NULL where the error is about none.';
COMMENT ON COLUMN report_v1.failures.tensor IS 'Tensor as stored; NULL where the error is about none.';
COMMENT ON COLUMN report_v1.failures.message IS 'What the error says.';
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.coverage AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  model.model, model.name, model.role, model.fingerprint as model_revision,
  coverage.tensors, coverage.mapped, coverage.parameters, coverage.parameters_mapped,
  coverage.parameters_mapped::double precision / nullif(coverage.parameters, 0) as mapped_share,
  case when coverage.model is not null then
    (select count(*) from "public"."excluded_tensor" excluded
      where excluded.run_id = coverage.run_id and excluded.model = coverage.model)
      + coverage.excluded_more
  end as tensors_excluded,
  array(select finding.finding from "public"."finding" finding
    where finding.run_id = model.run_id and finding.model = model.model
    order by finding.position) as findings,
  (select failure.code from "public"."failure" failure
    where failure.run_id = model.run_id and failure.part = 'model' and failure.model = model.model
    order by failure.position limit 1) as failure
from "public"."model" model
join "public"."run" run on run.id = model.run_id
left join "public"."coverage" coverage on coverage.run_id = model.run_id and coverage.model = model.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.coverage IS 'One row per model of a run: what was scanned and what was not. Of one that could not be read nothing was: its counts are NULL.';
COMMENT ON COLUMN report_v1.coverage.failure IS 'Why nothing of the model was scanned, as in failures; NULL where it was read.';
