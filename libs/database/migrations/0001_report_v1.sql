CREATE SCHEMA report_v1;
--> statement-breakpoint
COMMENT ON SCHEMA report_v1 IS 'Public, versioned surface of audit results. Columns are only ever added; a break opens report_v2.';
--> statement-breakpoint
CREATE VIEW report_v1.runs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  run.schema_version, run.programme_digest as programme_sha256, run.language, run.sampling, run.rule_set,
  run.require_tier3, run.tier3_run, run.caveats, run.created_at as published_at
from "public"."run" run;
--> statement-breakpoint
COMMENT ON VIEW report_v1.runs IS 'One row per published result document. Results never change; a correction is a new run that supersedes.';
COMMENT ON COLUMN report_v1.runs.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.runs.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.runs.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.runs.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.runs.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.runs.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.runs.schema_version IS 'Version of the layout of the result document.';
COMMENT ON COLUMN report_v1.runs.programme_sha256 IS 'SHA-256 of the programme file as audited.';
COMMENT ON COLUMN report_v1.runs.language IS 'Language of the reports of the programme: ko or en.';
COMMENT ON COLUMN report_v1.runs.sampling IS 'Sampling scheme of the fingerprints.';
COMMENT ON COLUMN report_v1.runs.rule_set IS 'Id of the rule set that decided the outcomes.';
COMMENT ON COLUMN report_v1.runs.require_tier3 IS 'True when the rule set demands the disguise tests (tier 3).';
COMMENT ON COLUMN report_v1.runs.tier3_run IS 'True when the disguise tests (tier 3) were run.';
COMMENT ON COLUMN report_v1.runs.caveats IS 'Limits of the audit that a reader must know.';
COMMENT ON COLUMN report_v1.runs.published_at IS 'Time at which the run was written to this database.';
--> statement-breakpoint
CREATE VIEW report_v1.leaderboard AS
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
  max(component.nearest) filter (where component.component = 'projector') as projector_nearest
from "public"."release" release
join "public"."run" run on run.id = release.run_id
join "public"."model" subject_model on subject_model.run_id = release.run_id and subject_model.model = release.subject
left join "public"."release_component" component
  on component.run_id = release.run_id and component.subject = release.subject
group by run.id, release.run_id, release.subject, subject_model.run_id, subject_model.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.leaderboard IS 'One row per release of a run, with the verdict of every component as a column.';
COMMENT ON COLUMN report_v1.leaderboard.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.leaderboard.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.leaderboard.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.leaderboard.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.leaderboard.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.leaderboard.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.leaderboard.position IS 'Place in the leaderboard, from 1: by outcome, then share linked, then name.';
COMMENT ON COLUMN report_v1.leaderboard.team IS 'Team that released the model.';
COMMENT ON COLUMN report_v1.leaderboard.release IS 'Name of the release.';
COMMENT ON COLUMN report_v1.leaderboard.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.leaderboard.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.leaderboard.outcome IS 'Verdict on the release under the rule set, most severe first: identical, derived, partially_derived, common_origin, invalid, inconclusive, no_link_found, not_comparable.';
COMMENT ON COLUMN report_v1.leaderboard.declared IS 'True when the team declared the lineage.';
COMMENT ON COLUMN report_v1.leaderboard.linked_share IS 'Share of the parameters of the release that lie in components with a positive verdict, 0 to 1.';
COMMENT ON COLUMN report_v1.leaderboard.nearest IS 'Reference with the most severe verdict, or the strongest statistic; NULL = none.';
COMMENT ON COLUMN report_v1.leaderboard.comparable_references IS 'References with at least one comparable component.';
COMMENT ON COLUMN report_v1.leaderboard.references_total IS 'References of the programme.';
COMMENT ON COLUMN report_v1.leaderboard.controls_passed IS 'Controls that passed.';
COMMENT ON COLUMN report_v1.leaderboard.controls_due IS 'Controls that were due.';
COMMENT ON COLUMN report_v1.leaderboard.embedding IS 'Most severe verdict on the component embedding over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.embedding_nearest IS 'Reference behind the verdict on the component embedding, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.attention IS 'Most severe verdict on the component attention over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.attention_nearest IS 'Reference behind the verdict on the component attention, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.mlp IS 'Most severe verdict on the component mlp over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.mlp_nearest IS 'Reference behind the verdict on the component mlp, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.router IS 'Most severe verdict on the component router over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.router_nearest IS 'Reference behind the verdict on the component router, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.experts IS 'Most severe verdict on the component experts over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.experts_nearest IS 'Reference behind the verdict on the component experts, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.norms IS 'Most severe verdict on the component norms over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.norms_nearest IS 'Reference behind the verdict on the component norms, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.head IS 'Most severe verdict on the component head over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.head_nearest IS 'Reference behind the verdict on the component head, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.mtp IS 'Most severe verdict on the component mtp over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.mtp_nearest IS 'Reference behind the verdict on the component mtp, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.vision IS 'Most severe verdict on the component vision over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.vision_nearest IS 'Reference behind the verdict on the component vision, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.audio IS 'Most severe verdict on the component audio over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.audio_nearest IS 'Reference behind the verdict on the component audio, or the one with the largest |z|.';
COMMENT ON COLUMN report_v1.leaderboard.projector IS 'Most severe verdict on the component projector over all references; NULL = the release has no such component.';
COMMENT ON COLUMN report_v1.leaderboard.projector_nearest IS 'Reference behind the verdict on the component projector, or the one with the largest |z|.';
--> statement-breakpoint
CREATE VIEW report_v1.verdicts AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  comparison.subject, comparison.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  comparison.mode, comparison.verdict, comparison.declared, comparison.comparable_share, comparison.linked_share,
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
COMMENT ON VIEW report_v1.verdicts IS 'One row per subject and reference of a run: the verdict on the pair.';
COMMENT ON COLUMN report_v1.verdicts.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.verdicts.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.verdicts.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.verdicts.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.verdicts.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.verdicts.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.verdicts.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.verdicts.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.verdicts.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.verdicts.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.verdicts.mode IS 'sampled = from the fingerprints; full = every element of both models was read.';
COMMENT ON COLUMN report_v1.verdicts.verdict IS 'Verdict on the pair, the most severe of its components after roll-up.';
COMMENT ON COLUMN report_v1.verdicts.declared IS 'True when the team declared this lineage.';
COMMENT ON COLUMN report_v1.verdicts.comparable_share IS 'Share of the parameters of the subject that could be compared with the reference, 0 to 1.';
COMMENT ON COLUMN report_v1.verdicts.linked_share IS 'Share of the parameters of the subject in components with a positive verdict, 0 to 1.';
COMMENT ON COLUMN report_v1.verdicts.reason_codes IS 'Codes that say why the verdict is what it is, in the order in which they decided.';
COMMENT ON COLUMN report_v1.verdicts.reproduce IS 'Command that repeats the comparison.';
--> statement-breakpoint
CREATE VIEW report_v1.component_results AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  verdict.subject, verdict.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  verdict.component, verdict.verdict, verdict.type, verdict.statistic,
  verdict.z, verdict.z_calibrated, verdict.log10_p, verdict.log10_p_adjusted,
  verdict.r, verdict.r_low, verdict.r_high, verdict.r_min, verdict.r_required, verdict.n_eff,
  verdict.tensors, verdict.parameters, verdict.parameters_linked, verdict.bytes_identical,
  array(select reason.code from "public"."verdict_reason" reason
    where reason.run_id = verdict.run_id and reason.subject = verdict.subject
      and reason.reference = verdict.reference and reason.component = verdict.component
    order by reason.position) as reason_codes
from "public"."verdict" verdict
join "public"."run" run on run.id = verdict.run_id
join "public"."model" subject_model on subject_model.run_id = verdict.run_id and subject_model.model = verdict.subject
join "public"."model" reference_model on reference_model.run_id = verdict.run_id and reference_model.model = verdict.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.component_results IS 'One row per subject, reference and component of a run: the verdict and the statistic that decided.';
COMMENT ON COLUMN report_v1.component_results.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.component_results.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.component_results.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.component_results.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.component_results.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.component_results.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.component_results.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.component_results.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.component_results.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.component_results.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.component_results.component IS 'Part of the model that is decided on its own.';
COMMENT ON COLUMN report_v1.component_results.verdict IS 'Verdict on the component; it pairs with every NULL of the row.';
COMMENT ON COLUMN report_v1.component_results.type IS 'Sub-type of common_origin; NULL otherwise.';
COMMENT ON COLUMN report_v1.component_results.statistic IS 'Primary statistic that decided, or the strongest one; NULL = none was measured.';
COMMENT ON COLUMN report_v1.component_results.z IS 'Observed statistic in standard deviations of its null, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.component_results.z_calibrated IS 'z divided by the square root of max(1, lambda); NULL = not measured.';
COMMENT ON COLUMN report_v1.component_results.log10_p IS 'Decimal logarithm of the p-value, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.component_results.log10_p_adjusted IS 'Decimal logarithm of the p-value after Holm over every primary of the audit; NULL = not measured.';
COMMENT ON COLUMN report_v1.component_results.r IS 'Effect size, a correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.component_results.r_low IS 'Lower end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.component_results.r_high IS 'Upper end of the 99 % interval of r.';
COMMENT ON COLUMN report_v1.component_results.r_min IS 'Smallest r that would have been found with 99 % power.';
COMMENT ON COLUMN report_v1.component_results.r_required IS 'r_min that a clean verdict demands.';
COMMENT ON COLUMN report_v1.component_results.n_eff IS 'Effective number of independent values behind the statistic.';
COMMENT ON COLUMN report_v1.component_results.tensors IS 'Tensors of the component that were compared.';
COMMENT ON COLUMN report_v1.component_results.parameters IS 'Parameters of the component of the subject.';
COMMENT ON COLUMN report_v1.component_results.parameters_linked IS 'Parameters in blocks that are positive or identical.';
COMMENT ON COLUMN report_v1.component_results.bytes_identical IS 'Bytes of tensors that are identical in both models.';
COMMENT ON COLUMN report_v1.component_results.reason_codes IS 'Codes that say why the verdict is what it is, in the order in which they decided.';
--> statement-breakpoint
CREATE VIEW report_v1.layer_pairs AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  layer_map.subject, layer_map.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  layer_map.component, layer_map.role,
  ((cell.position - 1) / layer_map.columns)::integer as subject_layer,
  ((cell.position - 1) % layer_map.columns)::integer as reference_layer,
  cell.cosine, cell.r, cell.z,
  case when cell.r is null then 'undefined' else 'measured' end as status
from "public"."layer_map" layer_map
join "public"."run" run on run.id = layer_map.run_id
join "public"."model" subject_model on subject_model.run_id = layer_map.run_id and subject_model.model = layer_map.subject
join "public"."model" reference_model on reference_model.run_id = layer_map.run_id and reference_model.model = layer_map.reference
cross join lateral unnest(layer_map.cosine, layer_map.r, layer_map.z)
  with ordinality as cell (cosine, r, z, position);
--> statement-breakpoint
COMMENT ON VIEW report_v1.layer_pairs IS 'One row per cell of a layer × layer map. Filter by run, subject and reference: maps are unnested on the fly.';
COMMENT ON COLUMN report_v1.layer_pairs.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.layer_pairs.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.layer_pairs.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.layer_pairs.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.layer_pairs.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.layer_pairs.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.layer_pairs.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.layer_pairs.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.layer_pairs.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.layer_pairs.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.layer_pairs.component IS 'Part of the model that the map belongs to.';
COMMENT ON COLUMN report_v1.layer_pairs.role IS 'Role of the tensors compared, e.g. attn.q or norm.pre_attn.';
COMMENT ON COLUMN report_v1.layer_pairs.subject_layer IS 'Row of the map, from 0: layer of the subject among those that have the role.';
COMMENT ON COLUMN report_v1.layer_pairs.reference_layer IS 'Column of the map, from 0: layer of the reference among those that have the role.';
COMMENT ON COLUMN report_v1.layer_pairs.cosine IS 'Raw cosine, single precision. Context only: never evidence.';
COMMENT ON COLUMN report_v1.layer_pairs.r IS 'Centred correlation, single precision; NULL = undefined.';
COMMENT ON COLUMN report_v1.layer_pairs.z IS 'Value in standard deviations of its null, single precision; NULL = undefined.';
COMMENT ON COLUMN report_v1.layer_pairs.status IS 'measured, or undefined where a vector is constant or missing.';
--> statement-breakpoint
CREATE VIEW report_v1.controls AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  control.subject, control.reference, subject_model.fingerprint as model_revision, reference_model.fingerprint as reference_revision,
  control.component, control.control, control.kind, control.method, control.model, control.must,
  control.z, control.r, control.passed,
  case when control.passed is null then 'not_due' when control.passed then 'passed' else 'failed' end as status,
  control.note
from "public"."control" control
join "public"."run" run on run.id = control.run_id
join "public"."model" subject_model on subject_model.run_id = control.run_id and subject_model.model = control.subject
join "public"."model" reference_model on reference_model.run_id = control.run_id and reference_model.model = control.reference;
--> statement-breakpoint
COMMENT ON VIEW report_v1.controls IS 'One row per control of a component of a comparison: what had to come out, and what did.';
COMMENT ON COLUMN report_v1.controls.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.controls.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.controls.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.controls.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.controls.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.controls.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.controls.subject IS 'Id of the audited model.';
COMMENT ON COLUMN report_v1.controls.reference IS 'Id of the model it was compared with.';
COMMENT ON COLUMN report_v1.controls.model_revision IS 'SHA-256 of the fingerprint of the subject.';
COMMENT ON COLUMN report_v1.controls.reference_revision IS 'SHA-256 of the fingerprint of the reference.';
COMMENT ON COLUMN report_v1.controls.component IS 'Component that the control is for.';
COMMENT ON COLUMN report_v1.controls.control IS 'Id of the control.';
COMMENT ON COLUMN report_v1.controls.kind IS 'negative, positive, self_scramble or identity.';
COMMENT ON COLUMN report_v1.controls.method IS 'Method that was controlled.';
COMMENT ON COLUMN report_v1.controls.model IS 'Model that served as the control, or how it was made.';
COMMENT ON COLUMN report_v1.controls.must IS 'What the control had to give.';
COMMENT ON COLUMN report_v1.controls.z IS 'Observed statistic in standard deviations of its null, raw; NULL = not measured.';
COMMENT ON COLUMN report_v1.controls.r IS 'Effect size, a correlation; NULL = not measured.';
COMMENT ON COLUMN report_v1.controls.passed IS 'True = gave what it must; NULL = not due.';
COMMENT ON COLUMN report_v1.controls.status IS 'passed, failed or not_due.';
COMMENT ON COLUMN report_v1.controls.note IS 'Remark, where there is one.';
--> statement-breakpoint
CREATE VIEW report_v1.coverage AS
select run.id as run_id, run.digest as run_sha256, run.programme, run.tool_version as method_version, run.is_current, run.superseded_by,
  coverage.model, model.name, model.role, model.fingerprint as model_revision,
  coverage.tensors, coverage.mapped, coverage.parameters, coverage.parameters_mapped,
  coverage.parameters_mapped::double precision / nullif(coverage.parameters, 0) as mapped_share,
  (select count(*) from "public"."excluded_tensor" excluded
    where excluded.run_id = coverage.run_id and excluded.model = coverage.model)
    + coverage.excluded_more as tensors_excluded,
  array(select finding.finding from "public"."finding" finding
    where finding.run_id = coverage.run_id and finding.model = coverage.model
    order by finding.position) as findings
from "public"."coverage" coverage
join "public"."run" run on run.id = coverage.run_id
join "public"."model" model on model.run_id = coverage.run_id and model.model = coverage.model;
--> statement-breakpoint
COMMENT ON VIEW report_v1.coverage IS 'One row per model of a run: what was scanned and what was not.';
COMMENT ON COLUMN report_v1.coverage.run_id IS 'Number of the run, local to this database.';
COMMENT ON COLUMN report_v1.coverage.run_sha256 IS 'SHA-256 of the canonical result document of the run: its identity everywhere.';
COMMENT ON COLUMN report_v1.coverage.programme IS 'Name of the programme that was audited.';
COMMENT ON COLUMN report_v1.coverage.method_version IS 'Version of the tool that measured and decided.';
COMMENT ON COLUMN report_v1.coverage.is_current IS 'True while no later run of the programme supersedes this one.';
COMMENT ON COLUMN report_v1.coverage.superseded_by IS 'run_id of the run that supersedes this one; NULL while current.';
COMMENT ON COLUMN report_v1.coverage.model IS 'Id of the model.';
COMMENT ON COLUMN report_v1.coverage.name IS 'Name of the model.';
COMMENT ON COLUMN report_v1.coverage.role IS 'subject or reference.';
COMMENT ON COLUMN report_v1.coverage.model_revision IS 'SHA-256 of the fingerprint of the model.';
COMMENT ON COLUMN report_v1.coverage.tensors IS 'Tensors stored in the checkpoint.';
COMMENT ON COLUMN report_v1.coverage.mapped IS 'Tensors whose meaning is known and that were compared.';
COMMENT ON COLUMN report_v1.coverage.parameters IS 'Parameters stored in the checkpoint.';
COMMENT ON COLUMN report_v1.coverage.parameters_mapped IS 'Parameters of mapped tensors.';
COMMENT ON COLUMN report_v1.coverage.mapped_share IS 'parameters_mapped / parameters, 0 to 1; NULL for an empty checkpoint.';
COMMENT ON COLUMN report_v1.coverage.tensors_excluded IS 'Tensors left out, listed or not.';
COMMENT ON COLUMN report_v1.coverage.findings IS 'Facts about the checkpoint that a reader should see.';
