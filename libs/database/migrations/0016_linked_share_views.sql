-- The day stands in documents that were published before it had a column: filling it in changes no result.
ALTER TABLE "public"."run" DISABLE TRIGGER USER;
--> statement-breakpoint
UPDATE "public"."run" SET objections_until = substring(document from '"objections_until":"(\d{4}-\d{2}-\d{2})"')::date
  WHERE document like '%"objections_until":"%';
--> statement-breakpoint
ALTER TABLE "public"."run" ENABLE TRIGGER USER;
--> statement-breakpoint
-- Every column but is_current and superseded_by.
DROP TRIGGER never_changed ON "public"."run";
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OF id, digest, schema_version, programme, programme_digest, language, tool_name,
  tool_version, sampling, rule_set, rule_set_version, rule_set_digest, rule_thresholds, require_tier3, tier3_run, caveats,
  document, supersedes, supersedes_digest, created_at, objections_until ON "public"."run"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.runs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  run.schema_version, run.programme_digest as programme_sha256, run.language, run.sampling, run.rule_set,
  run.require_tier3, run.tier3_run, run.caveats, run.created_at as published_at,
  run.rule_set_version, run.rule_set_digest as rule_set_sha256, run.rule_thresholds,
  run.supersedes, run.supersedes_digest as judged_again_sha256, run.objections_until
from "public"."run" run;
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.leaderboard AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  release.position, release.team, release.release, release.subject, subject_model.fingerprint as model_revision,
  release.outcome, release.declared, case when release.comparable_references = 0 then null else release.linked_share end as linked_share, release.nearest,
  release.comparable_references, release.reference_count as references_total,
  release.controls_passed, release.controls_due,
  max(component.verdict) filter (where component.component = 'embedding') as embedding,
  max(component.nearest) filter (where component.component = 'embedding') as embedding_nearest,
  max(component.verdict) filter (where component.component = 'attention') as attention,
  max(component.nearest) filter (where component.component = 'attention') as attention_nearest,
  max(component.verdict) filter (where component.component = 'mlp') as mlp,
  max(component.nearest) filter (where component.component = 'mlp') as mlp_nearest,
  max(component.verdict) filter (where component.component = 'router') as router,
  max(component.nearest) filter (where component.component = 'router') as router_nearest,
  max(component.verdict) filter (where component.component = 'experts') as experts,
  max(component.nearest) filter (where component.component = 'experts') as experts_nearest,
  max(component.verdict) filter (where component.component = 'norms') as norms,
  max(component.nearest) filter (where component.component = 'norms') as norms_nearest,
  max(component.verdict) filter (where component.component = 'head') as head,
  max(component.nearest) filter (where component.component = 'head') as head_nearest,
  max(component.verdict) filter (where component.component = 'mtp') as mtp,
  max(component.nearest) filter (where component.component = 'mtp') as mtp_nearest,
  max(component.verdict) filter (where component.component = 'vision') as vision,
  max(component.nearest) filter (where component.component = 'vision') as vision_nearest,
  max(component.verdict) filter (where component.component = 'audio') as audio,
  max(component.nearest) filter (where component.component = 'audio') as audio_nearest,
  max(component.verdict) filter (where component.component = 'projector') as projector,
  max(component.nearest) filter (where component.component = 'projector') as projector_nearest,
  (select count(*) filter (where criterion.outcome = 'pass') from "public"."rule_evaluation" criterion
    where criterion.run_id = release.run_id and criterion.subject = release.subject having count(*) > 0) as criteria_passed,
  (select count(*) filter (where criterion.outcome = 'fail') from "public"."rule_evaluation" criterion
    where criterion.run_id = release.run_id and criterion.subject = release.subject having count(*) > 0) as criteria_failed,
  (select count(*) filter (where criterion.outcome = 'not_provided') from "public"."rule_evaluation" criterion
    where criterion.run_id = release.run_id and criterion.subject = release.subject having count(*) > 0) as criteria_not_provided,
  (select before.outcome from "public"."release" before
    where before.run_id = run.supersedes and before.subject = release.subject) as previous_outcome
from "public"."release" release
join "public"."run" run on run.id = release.run_id
join "public"."model" subject_model on subject_model.run_id = release.run_id and subject_model.model = release.subject
left join "public"."release_component" component
  on component.run_id = release.run_id and component.subject = release.subject
group by run.id, release.run_id, release.subject, subject_model.run_id, subject_model.model;
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.verdicts AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  comparison.subject, comparison.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  comparison.mode, comparison.verdict, comparison.declared, comparison.comparable_share,
  case when comparison.comparable_share = 0 then null else comparison.linked_share end as linked_share,
  array(select reason.code from "public"."verdict_reason" reason
    where reason.run_id = comparison.run_id and reason.subject = comparison.subject
      and reason.reference = comparison.reference and reason.component is null
    order by reason.position) as reason_codes,
  comparison.reproduce
from "public"."comparison" comparison
join "public"."run" run on run.id = comparison.run_id
join "public"."model" subject_model on subject_model.run_id = comparison.run_id and subject_model.model = comparison.subject
join "public"."model" reference_model on reference_model.run_id = comparison.run_id and reference_model.model = comparison.reference;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.runs.objections_until IS 'Last day, in Korean time, on which teams may object: until its end the result is provisional. NULL = the programme names none.';
COMMENT ON COLUMN report_v1.leaderboard.linked_share IS 'Share of the parameters of the release that lie in components with a positive verdict, 0 to 1; NULL = comparable with no reference.';
COMMENT ON COLUMN report_v1.verdicts.linked_share IS 'Share of the parameters of the subject in components with a positive verdict, 0 to 1; NULL = nothing is comparable.';
