UPDATE "run" SET "supersedes" = (SELECT max(before.id) FROM "run" before WHERE before.superseded_by = "run".id);
--> statement-breakpoint
CREATE FUNCTION "public"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  raise exception 'published results are never changed, only superseded: % of table "%" is refused', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
CREATE FUNCTION "public"."refuse_restored_run"() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if (new.is_current and not old.is_current)
    or (old.superseded_by is not null and new.superseded_by is distinct from old.superseded_by) then
    raise exception 'a run is superseded once and for all: run %', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
--> statement-breakpoint
-- The rows of a run are written in the transaction that writes the run itself: xmin tells which that was.
CREATE FUNCTION "public"."refuse_late_row"() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if exists (
    select from (select distinct run_id from added) late
    join "public"."run" run on run.id = late.run_id
    where run.xmin <> pg_current_xact_id()::xid
  ) then
    raise exception 'nothing is added to a published run: table "%"', tg_table_name
      using errcode = 'restrict_violation';
  end if;
  return null;
end
$$;
--> statement-breakpoint
DO $$
declare
  name text;
begin
  foreach name in array array['alignment', 'calibration', 'calibration_component', 'comparison', 'control', 'coverage',
    'evidence', 'evidence_block', 'evidence_skipped', 'excluded_tensor', 'file', 'finding', 'layer_map', 'model',
    'model_component', 'release', 'release_component', 'rule_evaluation', 'rule_evaluation_reason', 'self_test',
    'self_test_block', 'self_test_skipped', 'training', 'training_point', 'training_test', 'verdict', 'verdict_reason']
  loop
    execute format('create trigger never_changed before update or delete or truncate on "public".%I
      for each statement execute function "public"."refuse_change"()', name);
    execute format('create trigger never_added after insert on "public".%I
      referencing new table as added for each statement execute function "public"."refuse_late_row"()', name);
  end loop;
end
$$;
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."fingerprint"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON "public"."run"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
-- Every column but is_current and superseded_by.
CREATE TRIGGER never_changed BEFORE UPDATE OF id, digest, schema_version, programme, programme_digest, language, tool_name,
  tool_version, sampling, rule_set, rule_set_version, rule_set_digest, rule_thresholds, require_tier3, tier3_run, caveats,
  document, supersedes, supersedes_digest, created_at ON "public"."run"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_restored BEFORE UPDATE ON "public"."run"
  FOR EACH ROW EXECUTE FUNCTION "public"."refuse_restored_run"();
