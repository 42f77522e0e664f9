CREATE TABLE "alignment" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	"file" text NOT NULL,
	"records" text[] NOT NULL,
	CONSTRAINT "alignment_key" PRIMARY KEY("run_id","subject","reference","position"),
	CONSTRAINT "alignment_kind_check" CHECK ("alignment"."kind" in ('permutation', 'rotation', 'hidden_units', 'heads'))
);
--> statement-breakpoint
CREATE TABLE "calibration_component" (
	"run_id" bigint NOT NULL,
	"statistic" text NOT NULL,
	"width" integer,
	"component" text NOT NULL,
	"lambda" double precision,
	"pairs" integer NOT NULL,
	"z" double precision[] NOT NULL,
	CONSTRAINT "calibration_component_key" UNIQUE NULLS NOT DISTINCT("run_id","statistic","width","component"),
	CONSTRAINT "calibration_component_statistic_check" CHECK ("calibration_component"."statistic" in ('trace', 'gram', 'hidden', 'value')),
	CONSTRAINT "calibration_component_component_check" CHECK ("calibration_component"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "calibration_component_counts_check" CHECK ("calibration_component"."pairs" >= 0)
);
--> statement-breakpoint
CREATE TABLE "rule_evaluation" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"criterion" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"title_ko" text NOT NULL,
	"title_en" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "rule_evaluation_key" PRIMARY KEY("run_id","subject","criterion"),
	CONSTRAINT "rule_evaluation_kind_check" CHECK ("rule_evaluation"."kind" in ('technical', 'policy', 'ethical')),
	CONSTRAINT "rule_evaluation_outcome_check" CHECK ("rule_evaluation"."outcome" in ('pass', 'fail', 'not_provided'))
);
--> statement-breakpoint
CREATE TABLE "rule_evaluation_reason" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"criterion" text NOT NULL,
	"position" integer NOT NULL,
	"code" text NOT NULL,
	"records" text[] NOT NULL,
	"explanation" text NOT NULL,
	CONSTRAINT "rule_evaluation_reason_key" PRIMARY KEY("run_id","subject","criterion","position")
);
--> statement-breakpoint
CREATE TABLE "self_test" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"record" text NOT NULL,
	"method" text NOT NULL,
	"tier" smallint NOT NULL,
	"component" text NOT NULL,
	"is_primary" boolean NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"mode" text NOT NULL,
	"null_hypothesis" text NOT NULL,
	"z" double precision,
	"log10_p" double precision,
	"r" double precision,
	"r_low" double precision,
	"r_high" double precision,
	"r_min" double precision,
	"n_eff" double precision,
	"units" double precision,
	"ceiling" double precision,
	"tensors" bigint NOT NULL,
	"features" bigint NOT NULL,
	"parameters" bigint NOT NULL,
	"layer_map" text NOT NULL,
	"maps_tried" bigint NOT NULL,
	"scrambles" double precision[] NOT NULL,
	"details" jsonb NOT NULL,
	CONSTRAINT "self_test_key" PRIMARY KEY("run_id","subject","record"),
	CONSTRAINT "self_test_method_check" CHECK ("self_test"."method" in ('byte_identity', 'value_identity', 'row_identity', 'trace', 'rank_trace', 'balanced_trace', 'residual_gram', 'hidden_gram', 'hidden_trace', 'value_gram', 'expert_axis', 'matched_units', 'attention_heads', 'shuffled_experts', 'upcycled_experts', 'duplicated_layers', 'start_split', 'norm_context', 'residual_permutation', 'residual_rotation', 'rotated_hidden', 'head_matching', 'hidden_matching', 'token_matching', 'token_fixed_points', 'awm', 'mdir', 'huref')),
	CONSTRAINT "self_test_tier_check" CHECK ("self_test"."tier" between 0 and 4),
	CONSTRAINT "self_test_component_check" CHECK ("self_test"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "self_test_status_check" CHECK ("self_test"."status" in ('measured', 'not_applicable', 'degenerate', 'invalid')),
	CONSTRAINT "self_test_reason_check" CHECK ("self_test"."status" = 'measured' or "self_test"."reason" is not null),
	CONSTRAINT "self_test_mode_check" CHECK ("self_test"."mode" in ('sampled', 'full')),
	CONSTRAINT "self_test_r_interval_check" CHECK (("self_test"."r_low" is null) = ("self_test"."r_high" is null)),
	CONSTRAINT "self_test_counts_check" CHECK ("self_test"."tensors" >= 0 and "self_test"."features" >= 0 and "self_test"."parameters" >= 0 and "self_test"."maps_tried" >= 0)
);
--> statement-breakpoint
CREATE TABLE "self_test_block" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"record" text NOT NULL,
	"position" integer NOT NULL,
	"key" text NOT NULL,
	"reference_key" text NOT NULL,
	"z" double precision,
	"r" double precision,
	"parameters" bigint NOT NULL,
	"identical" boolean NOT NULL,
	CONSTRAINT "self_test_block_key" PRIMARY KEY("run_id","subject","record","position")
);
--> statement-breakpoint
CREATE TABLE "self_test_skipped" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"record" text NOT NULL,
	"position" integer NOT NULL,
	"key" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "self_test_skipped_key" PRIMARY KEY("run_id","subject","record","position")
);
--> statement-breakpoint
CREATE TABLE "training" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"training_json" boolean NOT NULL,
	"checkpoints" integer NOT NULL,
	"history_files" text[] NOT NULL,
	"wandb_files" text[] NOT NULL,
	"log_rows" bigint,
	"unreadable" jsonb NOT NULL,
	CONSTRAINT "training_key" PRIMARY KEY("run_id","subject"),
	CONSTRAINT "training_counts_check" CHECK ("training"."checkpoints" >= 0 and "training"."log_rows" >= 0)
);
--> statement-breakpoint
CREATE TABLE "training_point" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"position" integer NOT NULL,
	"step" bigint NOT NULL,
	"path" text NOT NULL,
	"tokens" double precision,
	"eval_loss" double precision,
	"fingerprint" text NOT NULL,
	"start_z" double precision,
	"start_r" double precision,
	"start_share" double precision,
	"previous_z" double precision,
	"previous_cosine" double precision,
	"previous_step_ratio" double precision,
	"references" jsonb NOT NULL,
	CONSTRAINT "training_point_key" PRIMARY KEY("run_id","subject","position")
);
--> statement-breakpoint
CREATE TABLE "training_test" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"test" text NOT NULL,
	"position" integer NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"figures" jsonb NOT NULL,
	"findings" jsonb NOT NULL,
	"findings_more" integer NOT NULL,
	CONSTRAINT "training_test_key" PRIMARY KEY("run_id","subject","test"),
	CONSTRAINT "training_test_test_check" CHECK ("training_test"."test" in ('checkpoint_digests', 'step0_initialisation', 'step0_from_seed', 'descends_from_step0', 'path_smooth', 'references_flat', 'log_consistent', 'log_files_agree', 'log_against_evaluation', 'compute_plausible')),
	CONSTRAINT "training_test_outcome_check" CHECK ("training_test"."outcome" in ('pass', 'fail', 'not_provided')),
	CONSTRAINT "training_test_counts_check" CHECK ("training_test"."findings_more" >= 0)
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "rule_set_version" integer;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "rule_set_digest" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "rule_thresholds" jsonb;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "supersedes" bigint;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "supersedes_digest" text;--> statement-breakpoint
ALTER TABLE "alignment" ADD CONSTRAINT "alignment_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calibration_component" ADD CONSTRAINT "calibration_component_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_evaluation" ADD CONSTRAINT "rule_evaluation_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_evaluation_reason" ADD CONSTRAINT "rule_evaluation_reason_rule_evaluation_fkey" FOREIGN KEY ("run_id","subject","criterion") REFERENCES "public"."rule_evaluation"("run_id","subject","criterion") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "self_test" ADD CONSTRAINT "self_test_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "self_test_block" ADD CONSTRAINT "self_test_block_self_test_fkey" FOREIGN KEY ("run_id","subject","record") REFERENCES "public"."self_test"("run_id","subject","record") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "self_test_skipped" ADD CONSTRAINT "self_test_skipped_self_test_fkey" FOREIGN KEY ("run_id","subject","record") REFERENCES "public"."self_test"("run_id","subject","record") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training" ADD CONSTRAINT "training_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_point" ADD CONSTRAINT "training_point_training_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."training"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_test" ADD CONSTRAINT "training_test_training_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."training"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_supersedes_run_id_fk" FOREIGN KEY ("supersedes") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;