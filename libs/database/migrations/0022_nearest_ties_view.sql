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
    where before.run_id = run.supersedes and before.subject = release.subject) as previous_outcome,
  release.nearest_ties
from "public"."release" release
join "public"."run" run on run.id = release.run_id
join "public"."model" subject_model on subject_model.run_id = release.run_id and subject_model.model = release.subject
left join "public"."release_component" component
  on component.run_id = release.run_id and component.subject = release.subject
group by run.id, release.run_id, release.subject, subject_model.run_id, subject_model.model;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.leaderboard.nearest IS 'Reference with the most severe verdict, the largest share linked and, of several, the largest effect; NULL = none.';
COMMENT ON COLUMN report_v1.leaderboard.nearest_ties IS 'Every reference that ties with nearest in verdict and share, by falling effect; NULL = none does, or the run was published before ties were told.';
