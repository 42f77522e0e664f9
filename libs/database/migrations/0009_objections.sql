CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."team_reply"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."team_reply"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_row"();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."declared_ancestor"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."declared_ancestor"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_row"();
--> statement-breakpoint
CREATE VIEW report_v1.objections AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  reply.subject, release.team, release.release, subject_model.fingerprint as model_revision, reply.position,
  case
    when reply.reference is not null and reply.component is not null then 'finding'
    when reply.reference is not null then 'pair'
    when reply.component is not null then 'component'
    else 'release'
  end as scope,
  reply.reference, reply.component,
  case
    when reply.reference is not null and reply.component is not null then found.verdict
    when reply.reference is not null then comparison.verdict
    when reply.component is not null then part.verdict
    else release.outcome
  end as verdict,
  reply.day as replied_on, reply.author, reply.reply
from "public"."team_reply" reply
join "public"."run" run on run.id = reply.run_id
join "public"."release" release on release.run_id = reply.run_id and release.subject = reply.subject
join "public"."model" subject_model on subject_model.run_id = reply.run_id and subject_model.model = reply.subject
left join "public"."comparison" comparison on comparison.run_id = reply.run_id and comparison.subject = reply.subject
  and comparison.reference = reply.reference
left join "public"."verdict" found on found.run_id = reply.run_id and found.subject = reply.subject
  and found.reference = reply.reference and found.component = reply.component
left join "public"."release_component" part on part.run_id = reply.run_id and part.subject = reply.subject
  and part.component = reply.component;
--> statement-breakpoint
COMMENT ON VIEW report_v1.objections IS 'One row per reply of a team to findings on its release, beside the verdict that it is about. Replies change no measurement and no verdict.';
COMMENT ON COLUMN report_v1.objections.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.objections.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.objections.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.objections.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.objections.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.objections.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.objections.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.objections.team IS 'Team that released it, and that replies.';
COMMENT ON COLUMN report_v1.objections.release IS 'Name of the release.';
COMMENT ON COLUMN report_v1.objections.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.objections.position IS 'Place among the replies of the team, from 1.';
COMMENT ON COLUMN report_v1.objections.scope IS 'What the reply is about: release, component (against all references), pair (all components), or finding (one component against one reference).';
COMMENT ON COLUMN report_v1.objections.reference IS 'Id of the reference that it is about; NULL = all of them, as scope says.';
COMMENT ON COLUMN report_v1.objections.component IS 'Component that it is about; NULL = the whole model, as scope says.';
COMMENT ON COLUMN report_v1.objections.verdict IS 'Verdict on what it is about; NULL = there is none on that component.';
COMMENT ON COLUMN report_v1.objections.replied_on IS 'Day of the reply, as the programme file has it.';
COMMENT ON COLUMN report_v1.objections.author IS 'Who speaks for the team.';
COMMENT ON COLUMN report_v1.objections.reply IS 'The reply in the words of the team.';
--> statement-breakpoint
CREATE VIEW report_v1.declared_lineage AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  declared.subject, release.team, release.release, subject_model.fingerprint as model_revision, declared.position,
  declared.ancestor, declared.reference, declared.components, declared.note, declared.day as declared_on, declared.author,
  case when comparison.verdict is null then 'not_compared' else 'compared' end as status,
  comparison.verdict
from "public"."declared_ancestor" declared
join "public"."run" run on run.id = declared.run_id
join "public"."release" release on release.run_id = declared.run_id and release.subject = declared.subject
join "public"."model" subject_model on subject_model.run_id = declared.run_id and subject_model.model = declared.subject
left join "public"."comparison" comparison on comparison.run_id = declared.run_id and comparison.subject = declared.subject
  and comparison.reference = declared.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.declared_lineage IS 'One row per ancestor that a team declared, beside what was measured against it.';
COMMENT ON COLUMN report_v1.declared_lineage.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.declared_lineage.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.declared_lineage.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.declared_lineage.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.declared_lineage.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.declared_lineage.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.declared_lineage.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.declared_lineage.team IS 'Team that released it, and that declared the ancestor.';
COMMENT ON COLUMN report_v1.declared_lineage.release IS 'Name of the release.';
COMMENT ON COLUMN report_v1.declared_lineage.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.declared_lineage.position IS 'Place among the declarations of the team, from 1.';
COMMENT ON COLUMN report_v1.declared_lineage.ancestor IS 'The ancestor as the team put it: an id, or free text.';
COMMENT ON COLUMN report_v1.declared_lineage.reference IS 'Id of the reference that it names; NULL = no model of the audit.';
COMMENT ON COLUMN report_v1.declared_lineage.components IS 'Components that were taken over; empty = the whole model.';
COMMENT ON COLUMN report_v1.declared_lineage.note IS 'What the team said about it; NULL = nothing.';
COMMENT ON COLUMN report_v1.declared_lineage.declared_on IS 'Day of the declaration; NULL = the programme file has none.';
COMMENT ON COLUMN report_v1.declared_lineage.author IS 'Who declared it for the team; NULL = the programme file does not say.';
COMMENT ON COLUMN report_v1.declared_lineage.status IS 'compared or not_compared; it pairs with verdict.';
COMMENT ON COLUMN report_v1.declared_lineage.verdict IS 'Verdict of the release against that reference; NULL = not compared.';
