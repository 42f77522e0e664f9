CREATE FUNCTION "public"."refuse_late_tensor"() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if exists (
    select from (select distinct fingerprint from added) late
    join "public"."tensor_list" list on list.fingerprint = late.fingerprint
    where list.xmin <> pg_current_xact_id()::xid
  ) then
    raise exception 'nothing is added to a published list of tensors' using errcode = 'restrict_violation';
  end if;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."tensor_list"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."tensor"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."tensor"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_tensor"();
--> statement-breakpoint
CREATE VIEW report_v1.tensors AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  model.model, model.role as model_role, model.fingerprint as model_revision,
  tensor.position, tensor.stored as stored_name, tensor.key as tensor_key, tensor.scope, tensor.component, tensor.layer,
  tensor.role, tensor.expert, tensor.part, tensor.dtype, tensor.shape, tensor.parameters, tensor.bytes, tensor.digest as sha256,
  case when tensor.reason is null then 'mapped' else 'excluded' end as status, tensor.reason
from "public"."tensor" tensor
join "public"."model" model on model.fingerprint = tensor.fingerprint
join "public"."run" run on run.id = model.run_id;
--> statement-breakpoint
COMMENT ON VIEW report_v1.tensors IS 'One row per tensor of a model of a run, as its fingerprint lists them: with what it is, or excluded and why. Filter by model. A model that coverage.tensors_listed does not count has none.';
COMMENT ON COLUMN report_v1.tensors.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.tensors.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.tensors.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.tensors.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.tensors.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.tensors.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.tensors.model IS 'Id of the model.';
COMMENT ON COLUMN report_v1.tensors.model_role IS 'subject or reference.';
COMMENT ON COLUMN report_v1.tensors.model_revision IS 'SHA-256 of the fingerprint of the model.';
COMMENT ON COLUMN report_v1.tensors.position IS 'Place in the list of the model, from 0; what is excluded comes last.';
COMMENT ON COLUMN report_v1.tensors.stored_name IS 'Name of the tensor as stored: untrusted text. Several tensors have one where it is fused or stacked.';
COMMENT ON COLUMN report_v1.tensors.tensor_key IS 'What the tensor is: tower|layer|role|expert|part, - where there is none; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.scope IS 'Tower: text, mtp, vision, audio or projector; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.component IS 'Part of the model that it is decided with; NULL = context that no verdict rests on, or excluded.';
COMMENT ON COLUMN report_v1.tensors.layer IS 'Layer, from 0; NULL = it belongs to none, or is excluded.';
COMMENT ON COLUMN report_v1.tensors.role IS 'What it does, e.g. attn.q; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.expert IS 'Expert, from 0; NULL = it belongs to none, or is excluded.';
COMMENT ON COLUMN report_v1.tensors.part IS 'weight, bias, or what belongs to a quantised weight; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.dtype IS 'Type of its elements, as safetensors spell it; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.shape IS 'Its dimensions, a matrix as {outputs, inputs}; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.parameters IS 'Parameters of the tensor.';
COMMENT ON COLUMN report_v1.tensors.bytes IS 'Bytes of the tensor, in bytes; NULL = excluded.';
COMMENT ON COLUMN report_v1.tensors.sha256 IS 'SHA-256 of its bytes in the order of its dimensions, however it is stored; NULL = excluded, which is not digested.';
COMMENT ON COLUMN report_v1.tensors.status IS 'mapped, or excluded where its meaning is not known or it is not compared; it pairs with every NULL of the row.';
COMMENT ON COLUMN report_v1.tensors.reason IS 'Code that says why it was excluded; NULL otherwise.';
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
    order by failure.position limit 1) as failure,
  list.tensors + list.excluded as tensors_listed
from "public"."model" model
join "public"."run" run on run.id = model.run_id
left join "public"."coverage" coverage on coverage.run_id = model.run_id and coverage.model = model.model
left join "public"."tensor_list" list on list.fingerprint = model.fingerprint;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.coverage.tensors_listed IS 'Tensors of the model in the view tensors, where parts of a fused or stacked one count singly; NULL = it was not read, or its fingerprint was not at hand when the run was published.';
--> statement-breakpoint
GRANT SELECT ON ALL TABLES IN SCHEMA report_v1 TO analyst_ro;
