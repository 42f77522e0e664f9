CREATE OR REPLACE VIEW report_v1.runs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  run.schema_version, run.programme_digest as programme_sha256, run.language, run.sampling, run.rule_set,
  run.require_tier3, run.tier3_run, run.caveats, run.created_at as published_at,
  run.rule_set_version, run.rule_set_digest as rule_set_sha256, run.rule_thresholds,
  run.supersedes, run.supersedes_digest as judged_again_sha256
from "public"."run" run;
--> statement-breakpoint
COMMENT ON COLUMN report_v1.runs.rule_set_version IS 'Version of the rule set; NULL in runs published before rule sets had one.';
COMMENT ON COLUMN report_v1.runs.rule_set_sha256 IS 'SHA-256 of the rule set as canonical JSON; NULL in runs published before rule sets had one.';
COMMENT ON COLUMN report_v1.runs.rule_thresholds IS 'Figures that turn statistics into verdicts, by name; NULL in runs published before rule sets had them.';
COMMENT ON COLUMN report_v1.runs.supersedes IS 'run_id of the run before this one: the one that was judged again, or that was current when this one was published; NULL = none.';
COMMENT ON COLUMN report_v1.runs.judged_again_sha256 IS 'run_sha256 of the result whose measurements were judged again; NULL = these measurements were made for this run.';
--> statement-breakpoint
CREATE OR REPLACE VIEW report_v1.leaderboard AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  release.position, release.team, release.release, release.subject, subject_model.fingerprint as model_revision,
  release.outcome, release.declared, release.linked_share, release.nearest,
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
COMMENT ON COLUMN report_v1.leaderboard.criteria_passed IS 'Criteria of the rule set that the release passes; NULL = the rule set has none.';
COMMENT ON COLUMN report_v1.leaderboard.criteria_failed IS 'Criteria of the rule set that the release fails; NULL = the rule set has none.';
COMMENT ON COLUMN report_v1.leaderboard.criteria_not_provided IS 'Criteria of the rule set for which the team provided nothing; NULL = the rule set has none.';
COMMENT ON COLUMN report_v1.leaderboard.previous_outcome IS 'Outcome of the same subject in the run before (runs.supersedes); NULL = it was not in that run, or there was none.';
--> statement-breakpoint
CREATE VIEW report_v1.evidence_records AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  evidence.subject, evidence.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  evidence.record as record_id, evidence.method, evidence.tier, evidence.component, evidence.is_primary, evidence.status, evidence.reason, evidence.mode, evidence.null_hypothesis,
  evidence.z, evidence.log10_p, evidence.r, evidence.r_low, evidence.r_high, evidence.r_min, evidence.n_eff, evidence.units, evidence.ceiling,
  evidence.tensors, evidence.features, evidence.parameters, evidence.layer_map, evidence.maps_tried, evidence.scrambles, evidence.details
from "public"."evidence" evidence
join "public"."run" run on run.id = evidence.run_id
join "public"."model" subject_model on subject_model.run_id = evidence.run_id and subject_model.model = evidence.subject
join "public"."model" reference_model on reference_model.run_id = evidence.run_id and reference_model.model = evidence.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.evidence_records IS 'One row per statistic of a comparison, with its null. Verdicts name these records as their reasons.';
COMMENT ON COLUMN report_v1.evidence_records.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.evidence_records.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.evidence_records.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.evidence_records.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.evidence_records.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.evidence_records.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.evidence_records.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.evidence_records.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.evidence_records.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.evidence_records.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.evidence_records.record_id IS 'Id of the evidence record, as in the result document and its reasons.';
COMMENT ON COLUMN report_v1.evidence_records.method IS 'Method of the statistic.';
COMMENT ON COLUMN report_v1.evidence_records.tier IS 'Tier of the method: 0 identity, 1 and 2 trained structure, 3 disguises, 4 context.';
COMMENT ON COLUMN report_v1.evidence_records.component IS 'Part of the model that is decided on its own.';
COMMENT ON COLUMN report_v1.evidence_records.is_primary IS 'True for the pre-registered statistics that decide.';
COMMENT ON COLUMN report_v1.evidence_records.status IS 'measured, not_applicable, degenerate or invalid; it pairs with every NULL of the row.';
COMMENT ON COLUMN report_v1.evidence_records.reason IS 'Code that says why, when status is not measured.';
COMMENT ON COLUMN report_v1.evidence_records.mode IS 'sampled or full: which elements were read for it.';
COMMENT ON COLUMN report_v1.evidence_records.null_hypothesis IS 'What is permuted under the null.';
COMMENT ON COLUMN report_v1.evidence_records.z IS 'Observed statistic in standard deviations of its null, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.evidence_records.log10_p IS 'Decimal logarithm of the p-value, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.evidence_records.r IS 'Effect size, a correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.evidence_records.r_low IS 'Lower end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.evidence_records.r_high IS 'Upper end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.evidence_records.r_min IS 'Smallest r that would have been found with 99 % power.';
COMMENT ON COLUMN report_v1.evidence_records.n_eff IS 'Effective number of independent values behind the statistic.';
COMMENT ON COLUMN report_v1.evidence_records.units IS 'Units that are permuted; NULL = none needed.';
COMMENT ON COLUMN report_v1.evidence_records.ceiling IS 'Largest |z| that the shapes allow; NULL = none.';
COMMENT ON COLUMN report_v1.evidence_records.tensors IS 'Tensors behind the statistic.';
COMMENT ON COLUMN report_v1.evidence_records.features IS 'Features behind the statistic.';
COMMENT ON COLUMN report_v1.evidence_records.parameters IS 'Parameters of those tensors.';
COMMENT ON COLUMN report_v1.evidence_records.layer_map IS 'identity, or offset:k where layers were matched at an offset.';
COMMENT ON COLUMN report_v1.evidence_records.maps_tried IS 'Layer maps that were tried; the p-value pays for all of them.';
COMMENT ON COLUMN report_v1.evidence_records.scrambles IS 'z of seeded self-scrambles of the reference: draws from the exact null.';
COMMENT ON COLUMN report_v1.evidence_records.details IS 'Further figures of the method, by name.';
--> statement-breakpoint
CREATE VIEW report_v1.self_tests AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  self_test.subject, subject_model.fingerprint as model_revision,
  self_test.record as record_id, self_test.method, self_test.tier, self_test.component, self_test.is_primary, self_test.status, self_test.reason, self_test.mode, self_test.null_hypothesis,
  self_test.z, self_test.log10_p, self_test.r, self_test.r_low, self_test.r_high, self_test.r_min, self_test.n_eff, self_test.units, self_test.ceiling,
  self_test.tensors, self_test.features, self_test.parameters, self_test.layer_map, self_test.maps_tried, self_test.scrambles, self_test.details
from "public"."self_test" self_test
join "public"."run" run on run.id = self_test.run_id
join "public"."model" subject_model on subject_model.run_id = self_test.run_id and subject_model.model = self_test.subject;
--> statement-breakpoint
COMMENT ON VIEW report_v1.self_tests IS 'One row per statistic of one release without a reference: experts or layers copied from each other.';
COMMENT ON COLUMN report_v1.self_tests.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.self_tests.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.self_tests.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.self_tests.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.self_tests.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.self_tests.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.self_tests.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.self_tests.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.self_tests.record_id IS 'Id of the evidence record, as in the result document and its reasons.';
COMMENT ON COLUMN report_v1.self_tests.method IS 'Method of the statistic.';
COMMENT ON COLUMN report_v1.self_tests.tier IS 'Tier of the method: 0 identity, 1 and 2 trained structure, 3 disguises, 4 context.';
COMMENT ON COLUMN report_v1.self_tests.component IS 'Part of the model that is decided on its own.';
COMMENT ON COLUMN report_v1.self_tests.is_primary IS 'True for the pre-registered statistics that decide.';
COMMENT ON COLUMN report_v1.self_tests.status IS 'measured, not_applicable, degenerate or invalid; it pairs with every NULL of the row.';
COMMENT ON COLUMN report_v1.self_tests.reason IS 'Code that says why, when status is not measured.';
COMMENT ON COLUMN report_v1.self_tests.mode IS 'sampled or full: which elements were read for it.';
COMMENT ON COLUMN report_v1.self_tests.null_hypothesis IS 'What is permuted under the null.';
COMMENT ON COLUMN report_v1.self_tests.z IS 'Observed statistic in standard deviations of its null, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.self_tests.log10_p IS 'Decimal logarithm of the p-value, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.self_tests.r IS 'Effect size, a correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.self_tests.r_low IS 'Lower end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.self_tests.r_high IS 'Upper end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.self_tests.r_min IS 'Smallest r that would have been found with 99 % power.';
COMMENT ON COLUMN report_v1.self_tests.n_eff IS 'Effective number of independent values behind the statistic.';
COMMENT ON COLUMN report_v1.self_tests.units IS 'Units that are permuted; NULL = none needed.';
COMMENT ON COLUMN report_v1.self_tests.ceiling IS 'Largest |z| that the shapes allow; NULL = none.';
COMMENT ON COLUMN report_v1.self_tests.tensors IS 'Tensors behind the statistic.';
COMMENT ON COLUMN report_v1.self_tests.features IS 'Features behind the statistic.';
COMMENT ON COLUMN report_v1.self_tests.parameters IS 'Parameters of those tensors.';
COMMENT ON COLUMN report_v1.self_tests.layer_map IS 'identity, or offset:k where layers were matched at an offset.';
COMMENT ON COLUMN report_v1.self_tests.maps_tried IS 'Layer maps that were tried; the p-value pays for all of them.';
COMMENT ON COLUMN report_v1.self_tests.scrambles IS 'z of seeded self-scrambles of the reference: draws from the exact null.';
COMMENT ON COLUMN report_v1.self_tests.details IS 'Further figures of the method, by name.';
--> statement-breakpoint
CREATE VIEW report_v1.tensor_results AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  evidence_block.subject, evidence_block.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  evidence_block.record as record_id, evidence.method, evidence.component,
  evidence_block.key as tensor_key, evidence_block.reference_key,
  case when split_part(evidence_block.key, '|', 2) ~ '^[0-9]{1,9}$' then split_part(evidence_block.key, '|', 2)::integer end as layer,
  nullif(split_part(evidence_block.key, '|', 3), '') as role,
  case when evidence_block.z is null and evidence_block.r is null and not evidence_block.identical
    then 'undefined' else 'measured' end as status,
  null::text as reason, evidence_block.z, evidence_block.r, evidence_block.parameters, evidence_block.identical
from "public"."evidence_block" evidence_block
join "public"."evidence" evidence on evidence.run_id = evidence_block.run_id and evidence.subject = evidence_block.subject
  and evidence.reference = evidence_block.reference and evidence.record = evidence_block.record
join "public"."run" run on run.id = evidence_block.run_id
join "public"."model" subject_model on subject_model.run_id = evidence_block.run_id and subject_model.model = evidence_block.subject
join "public"."model" reference_model on reference_model.run_id = evidence_block.run_id and reference_model.model = evidence_block.reference
union all
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  evidence_skipped.subject, evidence_skipped.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  evidence_skipped.record as record_id, evidence.method, evidence.component,
  evidence_skipped.key as tensor_key, null as reference_key,
  case when split_part(evidence_skipped.key, '|', 2) ~ '^[0-9]{1,9}$' then split_part(evidence_skipped.key, '|', 2)::integer end as layer,
  nullif(split_part(evidence_skipped.key, '|', 3), '') as role,
  'skipped' as status, evidence_skipped.reason, null as z, null as r, null as parameters, null as identical
from "public"."evidence_skipped" evidence_skipped
join "public"."evidence" evidence on evidence.run_id = evidence_skipped.run_id and evidence.subject = evidence_skipped.subject
  and evidence.reference = evidence_skipped.reference and evidence.record = evidence_skipped.record
join "public"."run" run on run.id = evidence_skipped.run_id
join "public"."model" subject_model on subject_model.run_id = evidence_skipped.run_id and subject_model.model = evidence_skipped.subject
join "public"."model" reference_model on reference_model.run_id = evidence_skipped.run_id and reference_model.model = evidence_skipped.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.tensor_results IS 'One row per tensor, or expert, of an evidence record: measured, or skipped and why. Filter by run, subject and reference.';
COMMENT ON COLUMN report_v1.tensor_results.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.tensor_results.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.tensor_results.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.tensor_results.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.tensor_results.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.tensor_results.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.tensor_results.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.tensor_results.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.tensor_results.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.tensor_results.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.tensor_results.record_id IS 'Id of the evidence record, as in the result document and its reasons.';
COMMENT ON COLUMN report_v1.tensor_results.method IS 'Method of the statistic.';
COMMENT ON COLUMN report_v1.tensor_results.component IS 'Part of the model that is decided on its own.';
COMMENT ON COLUMN report_v1.tensor_results.tensor_key IS 'The tensor in the subject: tower|layer|role|expert|part, - where there is none; of a skipped tensor, whichever model has it.';
COMMENT ON COLUMN report_v1.tensor_results.reference_key IS 'The tensor in the reference, in the same form; NULL = skipped.';
COMMENT ON COLUMN report_v1.tensor_results.layer IS 'Layer of the tensor in the subject, from 0; NULL = the key names none.';
COMMENT ON COLUMN report_v1.tensor_results.role IS 'Role of the tensor, e.g. attn.q; NULL = the key names none.';
COMMENT ON COLUMN report_v1.tensor_results.status IS 'measured, undefined where a value is constant, or skipped; it pairs with every NULL of the row.';
COMMENT ON COLUMN report_v1.tensor_results.reason IS 'Code that says why a tensor was skipped; NULL otherwise.';
COMMENT ON COLUMN report_v1.tensor_results.z IS 'Observed statistic in standard deviations of its null, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.tensor_results.r IS 'Effect size, a correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.tensor_results.parameters IS 'Parameters of the tensor; NULL = skipped.';
COMMENT ON COLUMN report_v1.tensor_results.identical IS 'True when both tensors are equal in every bit; NULL = skipped.';
--> statement-breakpoint
CREATE VIEW report_v1.layer_maps AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  layer_map.subject, layer_map.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  layer_map.component, layer_map.role, layer_map.statistic, layer_map.rows, layer_map.columns,
  layer_map.diagonal_z, layer_map.diagonal_log10_p
from "public"."layer_map" layer_map
join "public"."run" run on run.id = layer_map.run_id
join "public"."model" subject_model on subject_model.run_id = layer_map.run_id and subject_model.model = layer_map.subject
join "public"."model" reference_model on reference_model.run_id = layer_map.run_id and reference_model.model = layer_map.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.layer_maps IS 'One row per layer × layer map, without its cells (those are in layer_pairs).';
COMMENT ON COLUMN report_v1.layer_maps.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.layer_maps.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.layer_maps.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.layer_maps.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.layer_maps.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.layer_maps.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.layer_maps.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.layer_maps.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.layer_maps.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.layer_maps.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.layer_maps.component IS 'Part of the model that the map belongs to.';
COMMENT ON COLUMN report_v1.layer_maps.role IS 'Role of the tensors compared, e.g. attn.q or norm.pre_attn.';
COMMENT ON COLUMN report_v1.layer_maps.statistic IS 'trace of matched features; gram where features cannot be matched; matching of hidden units.';
COMMENT ON COLUMN report_v1.layer_maps.rows IS 'Layers of the subject that have the role.';
COMMENT ON COLUMN report_v1.layer_maps.columns IS 'Layers of the reference that have the role.';
COMMENT ON COLUMN report_v1.layer_maps.diagonal_z IS 'Best path through the map against permuted layers, in standard deviations; NULL = not tested.';
COMMENT ON COLUMN report_v1.layer_maps.diagonal_log10_p IS 'Decimal logarithm of the p-value of that path; NULL = not tested.';
--> statement-breakpoint
CREATE VIEW report_v1.alignments AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  alignment.subject, alignment.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  alignment.kind, alignment.name, alignment.digest as alignment_sha256, alignment.file, alignment.records as record_ids
from "public"."alignment" alignment
join "public"."run" run on run.id = alignment.run_id
join "public"."model" subject_model on subject_model.run_id = alignment.run_id and subject_model.model = alignment.subject
join "public"."model" reference_model on reference_model.run_id = alignment.run_id and reference_model.model = alignment.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.alignments IS 'One row per alignment that a disguise test recovered and that stands above its controls.';
COMMENT ON COLUMN report_v1.alignments.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.alignments.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.alignments.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.alignments.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.alignments.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.alignments.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.alignments.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.alignments.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.alignments.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.alignments.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.alignments.kind IS 'permutation, rotation, hidden_units or heads.';
COMMENT ON COLUMN report_v1.alignments.name IS 'What the weights of the reference were turned by, in words.';
COMMENT ON COLUMN report_v1.alignments.alignment_sha256 IS 'SHA-256 of the map itself.';
COMMENT ON COLUMN report_v1.alignments.file IS 'Where the map lies, below the folder of the report.';
COMMENT ON COLUMN report_v1.alignments.record_ids IS 'Records that were measured under it and stand above their controls.';
--> statement-breakpoint
CREATE VIEW report_v1.inputs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  file.model, model.name, model.role, model.team, model.family, model.model_type, model.fingerprint as model_revision,
  file.path, file.size as size_bytes, file.digest as content_sha256
from "public"."file" file
join "public"."run" run on run.id = file.run_id
join "public"."model" model on model.run_id = file.run_id and model.model = file.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.inputs IS 'One row per file of a model of a run: which bytes were audited.';
COMMENT ON COLUMN report_v1.inputs.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.inputs.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.inputs.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.inputs.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.inputs.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.inputs.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.inputs.model IS 'Id of the model.';
COMMENT ON COLUMN report_v1.inputs.name IS 'Name of the model.';
COMMENT ON COLUMN report_v1.inputs.role IS 'subject or reference.';
COMMENT ON COLUMN report_v1.inputs.team IS 'Team of a subject; NULL for a reference.';
COMMENT ON COLUMN report_v1.inputs.family IS 'Family of a reference; NULL = none named.';
COMMENT ON COLUMN report_v1.inputs.model_type IS 'Architecture that the config names.';
COMMENT ON COLUMN report_v1.inputs.model_revision IS 'SHA-256 of the fingerprint of the model.';
COMMENT ON COLUMN report_v1.inputs.path IS 'Path of the file below the source of the model.';
COMMENT ON COLUMN report_v1.inputs.size_bytes IS 'Size of the file in bytes.';
COMMENT ON COLUMN report_v1.inputs.content_sha256 IS 'SHA-256 over the header and the digests of all tensors of the file.';
--> statement-breakpoint
CREATE VIEW report_v1.excluded_tensors AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  excluded_tensor.model, model.role, model.fingerprint as model_revision,
  excluded_tensor.stored as stored_name, excluded_tensor.reason, excluded_tensor.parameters
from "public"."excluded_tensor" excluded_tensor
join "public"."run" run on run.id = excluded_tensor.run_id
join "public"."model" model on model.run_id = excluded_tensor.run_id and model.model = excluded_tensor.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.excluded_tensors IS 'One row per stored tensor that was not compared, as far as they are listed; coverage.tensors_excluded counts all.';
COMMENT ON COLUMN report_v1.excluded_tensors.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.excluded_tensors.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.excluded_tensors.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.excluded_tensors.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.excluded_tensors.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.excluded_tensors.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.excluded_tensors.model IS 'Id of the model.';
COMMENT ON COLUMN report_v1.excluded_tensors.role IS 'subject or reference.';
COMMENT ON COLUMN report_v1.excluded_tensors.model_revision IS 'SHA-256 of the fingerprint of the model.';
COMMENT ON COLUMN report_v1.excluded_tensors.stored_name IS 'Name of the tensor as stored: untrusted text.';
COMMENT ON COLUMN report_v1.excluded_tensors.reason IS 'Code that says why it was not compared.';
COMMENT ON COLUMN report_v1.excluded_tensors.parameters IS 'Parameters of the tensor.';
--> statement-breakpoint
CREATE VIEW report_v1.rule_evaluations AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  rule_evaluation.subject, subject_model.fingerprint as model_revision,
  run.rule_set, run.rule_set_version, run.rule_set_digest as rule_set_sha256,
  rule_evaluation.position, rule_evaluation.criterion, rule_evaluation.kind, rule_evaluation.title_ko, rule_evaluation.title_en,
  rule_evaluation.outcome,
  array(select reason.code from "public"."rule_evaluation_reason" reason
    where reason.run_id = rule_evaluation.run_id and reason.subject = rule_evaluation.subject
      and reason.criterion = rule_evaluation.criterion order by reason.position) as reason_codes,
  array(select reason.explanation from "public"."rule_evaluation_reason" reason
    where reason.run_id = rule_evaluation.run_id and reason.subject = rule_evaluation.subject
      and reason.criterion = rule_evaluation.criterion order by reason.position) as explanations,
  array(select record.id from "public"."rule_evaluation_reason" reason
    cross join lateral unnest(reason.records) with ordinality as record (id, place)
    where reason.run_id = rule_evaluation.run_id and reason.subject = rule_evaluation.subject
      and reason.criterion = rule_evaluation.criterion order by reason.position, record.place) as record_ids
from "public"."rule_evaluation" rule_evaluation
join "public"."run" run on run.id = rule_evaluation.run_id
join "public"."model" subject_model on subject_model.run_id = rule_evaluation.run_id and subject_model.model = rule_evaluation.subject;
--> statement-breakpoint
COMMENT ON VIEW report_v1.rule_evaluations IS 'One row per release and criterion of the rule set. Criteria are never merged into a score.';
COMMENT ON COLUMN report_v1.rule_evaluations.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.rule_evaluations.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.rule_evaluations.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.rule_evaluations.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.rule_evaluations.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.rule_evaluations.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.rule_evaluations.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.rule_evaluations.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.rule_evaluations.rule_set IS 'Id of the rule set that decided.';
COMMENT ON COLUMN report_v1.rule_evaluations.rule_set_version IS 'Version of the rule set; NULL in runs published before rule sets had one.';
COMMENT ON COLUMN report_v1.rule_evaluations.rule_set_sha256 IS 'SHA-256 of the rule set as canonical JSON; NULL in runs published before rule sets had one.';
COMMENT ON COLUMN report_v1.rule_evaluations.position IS 'Place of the criterion in the rule set, from 1.';
COMMENT ON COLUMN report_v1.rule_evaluations.criterion IS 'Id of the criterion.';
COMMENT ON COLUMN report_v1.rule_evaluations.kind IS 'technical, policy or ethical.';
COMMENT ON COLUMN report_v1.rule_evaluations.title_ko IS 'Title of the criterion in Korean.';
COMMENT ON COLUMN report_v1.rule_evaluations.title_en IS 'Title of the criterion in English.';
COMMENT ON COLUMN report_v1.rule_evaluations.outcome IS 'pass, fail or not_provided.';
COMMENT ON COLUMN report_v1.rule_evaluations.reason_codes IS 'Codes that say why, in the order of the result.';
COMMENT ON COLUMN report_v1.rule_evaluations.explanations IS 'The same reasons in words.';
COMMENT ON COLUMN report_v1.rule_evaluations.record_ids IS 'Evidence records, controls or training tests that decide.';
--> statement-breakpoint
CREATE VIEW report_v1.null_distributions AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  calibration.statistic, calibration.width, null::text as component, calibration.lambda, calibration.calibrated, calibration.pairs, calibration.z
from "public"."calibration" calibration
join "public"."run" run on run.id = calibration.run_id
union all
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  cell.statistic, cell.width, cell.component, cell.lambda, cell.lambda is not null, cell.pairs, cell.z
from "public"."calibration_component" cell
join "public"."run" run on run.id = cell.run_id;
--> statement-breakpoint
COMMENT ON VIEW report_v1.null_distributions IS 'One row per kind of statistic, width and component: z of reference pairs that are documented independent, and the λ they give.';
COMMENT ON COLUMN report_v1.null_distributions.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.null_distributions.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.null_distributions.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.null_distributions.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.null_distributions.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.null_distributions.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.null_distributions.statistic IS 'trace, gram, hidden or value.';
COMMENT ON COLUMN report_v1.null_distributions.width IS 'Width of the residual stream of the pairs; NULL = components without one.';
COMMENT ON COLUMN report_v1.null_distributions.component IS 'Component by itself; NULL = all of them pooled, by which verdicts are calibrated.';
COMMENT ON COLUMN report_v1.null_distributions.lambda IS 'Variance of z over the independent pairs, or what is assumed where there are too few; NULL = too few pairs.';
COMMENT ON COLUMN report_v1.null_distributions.calibrated IS 'True when lambda was measured.';
COMMENT ON COLUMN report_v1.null_distributions.pairs IS 'Independent pairs behind it.';
COMMENT ON COLUMN report_v1.null_distributions.z IS 'Sorted z of those pairs: the null as measured.';
--> statement-breakpoint
CREATE VIEW report_v1.training_tests AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  training_test.subject, subject_model.fingerprint as model_revision,
  training_test.position, training_test.test, training_test.outcome, training_test.reason,
  training_test.figures, training_test.findings, training_test.findings_more
from "public"."training_test" training_test
join "public"."run" run on run.id = training_test.run_id
join "public"."model" subject_model on subject_model.run_id = training_test.run_id and subject_model.model = training_test.subject;
--> statement-breakpoint
COMMENT ON VIEW report_v1.training_tests IS 'One row per release with training records and test of its trajectory. Tests are never merged.';
COMMENT ON COLUMN report_v1.training_tests.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.training_tests.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.training_tests.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.training_tests.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.training_tests.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.training_tests.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.training_tests.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.training_tests.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.training_tests.position IS 'Place of the test, from 1.';
COMMENT ON COLUMN report_v1.training_tests.test IS 'Name of the test.';
COMMENT ON COLUMN report_v1.training_tests.outcome IS 'pass, fail or not_provided.';
COMMENT ON COLUMN report_v1.training_tests.reason IS 'First figure beyond its limit, or what was not provided; NULL for a pass.';
COMMENT ON COLUMN report_v1.training_tests.figures IS 'List of {name, value, relation, limit, at}.';
COMMENT ON COLUMN report_v1.training_tests.findings IS 'List of {code, at, value}: things to look at that do not decide.';
COMMENT ON COLUMN report_v1.training_tests.findings_more IS 'Findings beyond those listed.';
--> statement-breakpoint
CREATE VIEW report_v1.training_points AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  training_point.subject, subject_model.fingerprint as model_revision,
  training_point.position, training_point.step, training_point.path, training_point.tokens, training_point.eval_loss,
  training_point.fingerprint as checkpoint_revision, training_point.start_z, training_point.start_r, training_point.start_share,
  training_point.previous_z, training_point.previous_cosine, training_point.previous_step_ratio, training_point."references" as references_measured
from "public"."training_point" training_point
join "public"."run" run on run.id = training_point.run_id
join "public"."model" subject_model on subject_model.run_id = training_point.run_id and subject_model.model = training_point.subject;
--> statement-breakpoint
COMMENT ON VIEW report_v1.training_points IS 'One row per checkpoint of a training trajectory.';
COMMENT ON COLUMN report_v1.training_points.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.training_points.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.training_points.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.training_points.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.training_points.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.training_points.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.training_points.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.training_points.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.training_points.position IS 'Place in the trajectory, from 1.';
COMMENT ON COLUMN report_v1.training_points.step IS 'Training step.';
COMMENT ON COLUMN report_v1.training_points.path IS 'Path below the folder of the training records; . = the release itself.';
COMMENT ON COLUMN report_v1.training_points.tokens IS 'Tokens seen; NULL = not recorded.';
COMMENT ON COLUMN report_v1.training_points.eval_loss IS 'Evaluation loss; NULL = not recorded.';
COMMENT ON COLUMN report_v1.training_points.checkpoint_revision IS 'SHA-256 of the fingerprint of the checkpoint.';
COMMENT ON COLUMN report_v1.training_points.start_z IS 'Joint trace against step 0; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.start_r IS 'Its correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.start_share IS 'Share of step 0 that is left in the decayed matrices; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.previous_z IS 'Joint trace against the checkpoint before; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.previous_cosine IS 'Cosine of all elements with the checkpoint before; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.previous_step_ratio IS 'Largest step over what the optimiser can move; NULL = not measured.';
COMMENT ON COLUMN report_v1.training_points.references_measured IS 'List of {reference, joint_z, primary_z}.';
--> statement-breakpoint
CREATE FUNCTION report_v1.changes_between(earlier bigint, later bigint) RETURNS TABLE (
  subject text, reference text, component text, change text, verdict_before text, verdict_after text, data_changed boolean, declaration_changed boolean, method_changed boolean, rule_set_changed boolean, reference_set_changed boolean
) LANGUAGE sql STABLE
BEGIN ATOMIC
  with decided as (
    select run_id, subject, reference, '' as part, verdict, declared, model_revision, reference_revision
    from report_v1.verdicts where run_id in (earlier, later)
    union all
    select part.run_id, part.subject, part.reference, part.component, part.verdict, pair.declared,
      part.model_revision, part.reference_revision
    from report_v1.component_results part
    join report_v1.verdicts pair using (run_id, subject, reference)
    where part.run_id in (earlier, later) and pair.run_id in (earlier, later)
  ),
  judged as (
    select before.method_version <> after.method_version or before.sampling <> after.sampling as method_changed,
      (before.rule_set, before.rule_set_sha256) is distinct from (after.rule_set, after.rule_set_sha256) as rule_set_changed,
      array(select model from report_v1.coverage where run_id = earlier and role = 'reference' order by model)
        <> array(select model from report_v1.coverage where run_id = later and role = 'reference' order by model)
        as reference_set_changed
    from report_v1.runs before cross join report_v1.runs after
    where before.run_id = earlier and after.run_id = later
  ),
  severity as (
    select array['identical', 'derived', 'partially_derived', 'common_origin', 'invalid', 'inconclusive',
      'no_link_found', 'not_comparable'] as classes
  )
  select subject, reference, nullif(part, ''),
    case
      when before.verdict is null then 'added'
      when after.verdict is null then 'removed'
      when before.verdict = after.verdict then 'same'
      when array_position(severity.classes, after.verdict) < array_position(severity.classes, before.verdict)
        then 'more_severe'
      else 'less_severe'
    end,
    before.verdict, after.verdict,
    case when before.verdict is not null and after.verdict is not null then
      (before.model_revision, before.reference_revision) is distinct from (after.model_revision, after.reference_revision) end,
    case when before.verdict is not null and after.verdict is not null then before.declared <> after.declared end,
    judged.method_changed, judged.rule_set_changed, judged.reference_set_changed
  from (select * from decided where run_id = earlier) before
  full join (select * from decided where run_id = later) after using (subject, reference, part)
  cross join judged cross join severity;
END;
--> statement-breakpoint
COMMENT ON FUNCTION report_v1.changes_between(bigint, bigint) IS 'Verdicts of two runs side by side: the columns of changes_since for any pair of runs, by their run_id.';
--> statement-breakpoint
CREATE VIEW report_v1.changes_since AS
select run.run_id, run.run_sha256, run.programme, run.method_version, run.is_current, run.superseded_by,
  before.run_id as previous_run_id, before.run_sha256 as previous_run_sha256,
  change.subject, change.reference, change.component, change.change, change.verdict_before, change.verdict_after, change.data_changed, change.declaration_changed, change.method_changed, change.rule_set_changed, change.reference_set_changed
from report_v1.runs run
join report_v1.runs before on before.run_id = run.supersedes
cross join lateral report_v1.changes_between(before.run_id, run.run_id) change;
--> statement-breakpoint
COMMENT ON VIEW report_v1.changes_since IS 'One row per verdict of a run and of the run before it (runs.supersedes): what moved, and whether data, declarations, method, rule set or reference set changed. report_v1.changes_between(earlier, later) compares any two runs.';
COMMENT ON COLUMN report_v1.changes_since.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.changes_since.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.changes_since.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.changes_since.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.changes_since.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.changes_since.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.changes_since.previous_run_id IS 'run_id of the run before.';
COMMENT ON COLUMN report_v1.changes_since.previous_run_sha256 IS 'run_sha256 of the run before.';
COMMENT ON COLUMN report_v1.changes_since.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.changes_since.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.changes_since.component IS 'Component of the verdict; NULL = the verdict of the pair.';
COMMENT ON COLUMN report_v1.changes_since.change IS 'more_severe, less_severe, same, added (not in the run before) or removed (not in this run).';
COMMENT ON COLUMN report_v1.changes_since.verdict_before IS 'Verdict in the run before; NULL = added.';
COMMENT ON COLUMN report_v1.changes_since.verdict_after IS 'Verdict in this run; NULL = removed.';
COMMENT ON COLUMN report_v1.changes_since.data_changed IS 'True when the weights of subject or reference differ between the runs; NULL = added or removed.';
COMMENT ON COLUMN report_v1.changes_since.declaration_changed IS 'True when the team declared the lineage in one of the runs only; NULL = added or removed.';
COMMENT ON COLUMN report_v1.changes_since.method_changed IS 'True when the version of the tool or the sampling scheme differs.';
COMMENT ON COLUMN report_v1.changes_since.rule_set_changed IS 'True when the rule set differs.';
COMMENT ON COLUMN report_v1.changes_since.reference_set_changed IS 'True when the references compared differ: they calibrate every statistic.';
