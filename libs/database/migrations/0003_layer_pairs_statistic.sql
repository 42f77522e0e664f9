CREATE OR REPLACE VIEW report_v1.layer_pairs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  layer_map.subject, layer_map.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  layer_map.component, layer_map.role,
  ((cell.position - 1) / layer_map.columns)::integer as subject_layer,
  ((cell.position - 1) % layer_map.columns)::integer as reference_layer,
  cell.cosine, cell.r, cell.z,
  case when cell.r is null then 'undefined' else 'measured' end as status,
  layer_map.statistic
from "public"."layer_map" layer_map
join "public"."run" run on run.id = layer_map.run_id
join "public"."model" subject_model on subject_model.run_id = layer_map.run_id and subject_model.model = layer_map.subject
join "public"."model" reference_model on reference_model.run_id = layer_map.run_id and reference_model.model = layer_map.reference
cross join lateral unnest(layer_map.cosine, layer_map.r, layer_map.z)
  with ordinality as cell (cosine, r, z, position);
--> statement-breakpoint
COMMENT ON COLUMN report_v1.layer_pairs.statistic IS 'trace of matched features; gram where features cannot be matched: it shows dependence, but names no layer; matching of hidden units.';
