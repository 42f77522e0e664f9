ALTER TABLE "failure" ADD COLUMN "component" text;
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.failures AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  failure.position, failure.part, failure.model, model.name, model.role, model.team,
  failure.reference, failure.kind, failure.mode, failure.code, failure.rule, failure.object, failure.tensor, failure.message, failure.component
from "public"."failure" failure
join "public"."run" run on run.id = failure.run_id
join "public"."model" model on model.run_id = failure.run_id and model.model = failure.model;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.failures.component IS 'The one component that failed of a comparison over all elements; NULL where part is not comparison, and where all of it failed.';
