CREATE TABLE "calibration" (
	"run_id" bigint NOT NULL,
	"statistic" text NOT NULL,
	"width" integer,
	"lambda" double precision NOT NULL,
	"calibrated" boolean NOT NULL,
	"pairs" integer NOT NULL,
	"z" double precision[] NOT NULL,
	CONSTRAINT "calibration_key" UNIQUE NULLS NOT DISTINCT("run_id","statistic","width"),
	CONSTRAINT "calibration_statistic_check" CHECK ("calibration"."statistic" in ('trace', 'gram', 'hidden', 'value')),
	CONSTRAINT "calibration_counts_check" CHECK ("calibration"."pairs" >= 0)
);
--> statement-breakpoint
CREATE TABLE "comparison" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"mode" text NOT NULL,
	"verdict" text NOT NULL,
	"declared" boolean NOT NULL,
	"comparable_share" double precision NOT NULL,
	"linked_share" double precision NOT NULL,
	"reproduce" text NOT NULL,
	CONSTRAINT "comparison_key" PRIMARY KEY("run_id","subject","reference"),
	CONSTRAINT "comparison_mode_check" CHECK ("comparison"."mode" in ('sampled', 'full')),
	CONSTRAINT "comparison_verdict_check" CHECK ("comparison"."verdict" in ('identical', 'derived', 'partially_derived', 'common_origin', 'invalid', 'inconclusive', 'no_link_found', 'not_comparable')),
	CONSTRAINT "comparison_comparable_share_check" CHECK ("comparison"."comparable_share" between 0 and 1),
	CONSTRAINT "comparison_linked_share_check" CHECK ("comparison"."linked_share" between 0 and 1)
);
--> statement-breakpoint
CREATE TABLE "control" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"component" text NOT NULL,
	"control" text NOT NULL,
	"kind" text NOT NULL,
	"method" text NOT NULL,
	"model" text NOT NULL,
	"must" text NOT NULL,
	"z" double precision,
	"r" double precision,
	"passed" boolean,
	"note" text,
	CONSTRAINT "control_key" PRIMARY KEY("run_id","subject","reference","component","control"),
	CONSTRAINT "control_component_check" CHECK ("control"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "control_kind_check" CHECK ("control"."kind" in ('negative', 'positive', 'self_scramble', 'identity'))
);
--> statement-breakpoint
CREATE TABLE "coverage" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"tensors" bigint NOT NULL,
	"mapped" bigint NOT NULL,
	"parameters" bigint NOT NULL,
	"parameters_mapped" bigint NOT NULL,
	"excluded_more" bigint NOT NULL,
	CONSTRAINT "coverage_key" PRIMARY KEY("run_id","model"),
	CONSTRAINT "coverage_counts_check" CHECK ("coverage"."tensors" >= 0 and "coverage"."mapped" >= 0 and "coverage"."parameters" >= 0 and "coverage"."parameters_mapped" >= 0 and "coverage"."excluded_more" >= 0)
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
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
	CONSTRAINT "evidence_key" PRIMARY KEY("run_id","subject","reference","record"),
	CONSTRAINT "evidence_method_check" CHECK ("evidence"."method" in ('byte_identity', 'value_identity', 'trace', 'balanced_trace', 'residual_gram', 'hidden_gram', 'value_gram', 'start_split', 'norm_context')),
	CONSTRAINT "evidence_tier_check" CHECK ("evidence"."tier" between 0 and 4),
	CONSTRAINT "evidence_component_check" CHECK ("evidence"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "evidence_status_check" CHECK ("evidence"."status" in ('measured', 'not_applicable', 'degenerate', 'invalid')),
	CONSTRAINT "evidence_reason_check" CHECK ("evidence"."status" = 'measured' or "evidence"."reason" is not null),
	CONSTRAINT "evidence_mode_check" CHECK ("evidence"."mode" in ('sampled', 'full')),
	CONSTRAINT "evidence_r_interval_check" CHECK (("evidence"."r_low" is null) = ("evidence"."r_high" is null)),
	CONSTRAINT "evidence_counts_check" CHECK ("evidence"."tensors" >= 0 and "evidence"."features" >= 0 and "evidence"."parameters" >= 0 and "evidence"."maps_tried" >= 0)
);
--> statement-breakpoint
CREATE TABLE "evidence_block" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"record" text NOT NULL,
	"position" integer NOT NULL,
	"key" text NOT NULL,
	"reference_key" text NOT NULL,
	"z" double precision,
	"r" double precision,
	"parameters" bigint NOT NULL,
	"identical" boolean NOT NULL,
	CONSTRAINT "evidence_block_key" PRIMARY KEY("run_id","subject","reference","record","position")
);
--> statement-breakpoint
CREATE TABLE "evidence_skipped" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"record" text NOT NULL,
	"position" integer NOT NULL,
	"key" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "evidence_skipped_key" PRIMARY KEY("run_id","subject","reference","record","position")
);
--> statement-breakpoint
CREATE TABLE "excluded_tensor" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"position" integer NOT NULL,
	"stored" text NOT NULL,
	"reason" text NOT NULL,
	"parameters" bigint NOT NULL,
	CONSTRAINT "excluded_tensor_key" PRIMARY KEY("run_id","model","position"),
	CONSTRAINT "excluded_tensor_counts_check" CHECK ("excluded_tensor"."parameters" >= 0)
);
--> statement-breakpoint
CREATE TABLE "file" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"path" text NOT NULL,
	"size" bigint NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "file_key" PRIMARY KEY("run_id","model","path"),
	CONSTRAINT "file_counts_check" CHECK ("file"."size" >= 0)
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"position" integer NOT NULL,
	"finding" text NOT NULL,
	CONSTRAINT "finding_key" PRIMARY KEY("run_id","model","position")
);
--> statement-breakpoint
CREATE TABLE "fingerprint" (
	"digest" text PRIMARY KEY NOT NULL,
	"sampling" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "layer_map" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"component" text NOT NULL,
	"role" text NOT NULL,
	"rows" integer NOT NULL,
	"columns" integer NOT NULL,
	"cosine" real[] NOT NULL,
	"r" real[] NOT NULL,
	"z" real[] NOT NULL,
	"diagonal_z" double precision,
	"diagonal_log10_p" double precision,
	CONSTRAINT "layer_map_key" PRIMARY KEY("run_id","subject","reference","component","role"),
	CONSTRAINT "layer_map_component_check" CHECK ("layer_map"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "layer_map_cells_check" CHECK ("layer_map"."rows" >= 0 and "layer_map"."columns" >= 0
        and cardinality("layer_map"."cosine") = "layer_map"."rows" * "layer_map"."columns"
        and cardinality("layer_map"."r") = "layer_map"."rows" * "layer_map"."columns"
        and cardinality("layer_map"."z") = "layer_map"."rows" * "layer_map"."columns")
);
--> statement-breakpoint
CREATE TABLE "model" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"team" text,
	"family" text,
	"model_type" text NOT NULL,
	"architecture" text NOT NULL,
	"hidden_size" bigint,
	"layers" bigint,
	"parameters" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"fingerprint" text NOT NULL,
	CONSTRAINT "model_key" PRIMARY KEY("run_id","model"),
	CONSTRAINT "model_role_check" CHECK ("model"."role" in ('subject', 'reference')),
	CONSTRAINT "model_architecture_check" CHECK ("model"."architecture" in ('listed', 'unlisted')),
	CONSTRAINT "model_counts_check" CHECK ("model"."parameters" >= 0 and "model"."bytes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "model_component" (
	"run_id" bigint NOT NULL,
	"model" text NOT NULL,
	"component" text NOT NULL,
	"parameters" bigint NOT NULL,
	CONSTRAINT "model_component_key" PRIMARY KEY("run_id","model","component"),
	CONSTRAINT "model_component_component_check" CHECK ("model_component"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "model_component_counts_check" CHECK ("model_component"."parameters" >= 0)
);
--> statement-breakpoint
CREATE TABLE "release" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"position" integer NOT NULL,
	"team" text NOT NULL,
	"release" text NOT NULL,
	"outcome" text NOT NULL,
	"declared" boolean NOT NULL,
	"linked_share" double precision NOT NULL,
	"nearest" text,
	"comparable_references" integer NOT NULL,
	"reference_count" integer NOT NULL,
	"controls_passed" integer NOT NULL,
	"controls_due" integer NOT NULL,
	CONSTRAINT "release_key" PRIMARY KEY("run_id","subject"),
	CONSTRAINT "release_outcome_check" CHECK ("release"."outcome" in ('identical', 'derived', 'partially_derived', 'common_origin', 'invalid', 'inconclusive', 'no_link_found', 'not_comparable')),
	CONSTRAINT "release_linked_share_check" CHECK ("release"."linked_share" between 0 and 1),
	CONSTRAINT "release_counts_check" CHECK ("release"."comparable_references" >= 0 and "release"."reference_count" >= 0 and "release"."controls_passed" >= 0 and "release"."controls_due" >= 0)
);
--> statement-breakpoint
CREATE TABLE "release_component" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"component" text NOT NULL,
	"verdict" text NOT NULL,
	"nearest" text,
	"z" double precision,
	CONSTRAINT "release_component_key" PRIMARY KEY("run_id","subject","component"),
	CONSTRAINT "release_component_component_check" CHECK ("release_component"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "release_component_verdict_check" CHECK ("release_component"."verdict" in ('identical', 'derived', 'partially_derived', 'common_origin', 'invalid', 'inconclusive', 'no_link_found', 'not_comparable'))
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "run_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"digest" text NOT NULL,
	"schema_version" integer NOT NULL,
	"programme" text NOT NULL,
	"programme_digest" text NOT NULL,
	"language" text NOT NULL,
	"tool_name" text NOT NULL,
	"tool_version" text NOT NULL,
	"sampling" text NOT NULL,
	"rule_set" text NOT NULL,
	"require_tier3" boolean NOT NULL,
	"tier3_run" boolean NOT NULL,
	"caveats" text[] NOT NULL,
	"document" text NOT NULL,
	"is_current" boolean NOT NULL,
	"superseded_by" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_digest_key" UNIQUE("digest"),
	CONSTRAINT "run_digest_check" CHECK ("run"."digest" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "run_current_check" CHECK (not ("run"."is_current" and "run"."superseded_by" is not null)),
	CONSTRAINT "run_superseded_by_check" CHECK ("run"."superseded_by" <> "run"."id"),
	CONSTRAINT "run_language_check" CHECK ("run"."language" in ('ko', 'en'))
);
--> statement-breakpoint
CREATE TABLE "verdict" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"component" text NOT NULL,
	"verdict" text NOT NULL,
	"type" text,
	"statistic" text,
	"z" double precision,
	"z_calibrated" double precision,
	"log10_p" double precision,
	"log10_p_adjusted" double precision,
	"r" double precision,
	"r_low" double precision,
	"r_high" double precision,
	"r_min" double precision,
	"r_required" double precision,
	"n_eff" double precision,
	"tensors" bigint NOT NULL,
	"parameters" bigint NOT NULL,
	"parameters_linked" bigint NOT NULL,
	"bytes_identical" bigint NOT NULL,
	CONSTRAINT "verdict_key" PRIMARY KEY("run_id","subject","reference","component"),
	CONSTRAINT "verdict_component_check" CHECK ("verdict"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "verdict_verdict_check" CHECK ("verdict"."verdict" in ('identical', 'derived', 'partially_derived', 'common_origin', 'invalid', 'inconclusive', 'no_link_found', 'not_comparable')),
	CONSTRAINT "verdict_r_interval_check" CHECK (("verdict"."r_low" is null) = ("verdict"."r_high" is null)),
	CONSTRAINT "verdict_counts_check" CHECK ("verdict"."tensors" >= 0 and "verdict"."parameters" >= 0 and "verdict"."parameters_linked" >= 0 and "verdict"."bytes_identical" >= 0)
);
--> statement-breakpoint
CREATE TABLE "verdict_reason" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"component" text,
	"position" integer NOT NULL,
	"code" text NOT NULL,
	"records" text[] NOT NULL,
	"explanation" text NOT NULL,
	CONSTRAINT "verdict_reason_key" UNIQUE NULLS NOT DISTINCT("run_id","subject","reference","component","position"),
	CONSTRAINT "verdict_reason_component_check" CHECK ("verdict_reason"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector'))
);
--> statement-breakpoint
ALTER TABLE "calibration" ADD CONSTRAINT "calibration_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_subject_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_reference_fkey" FOREIGN KEY ("run_id","reference") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "control" ADD CONSTRAINT "control_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_model_fkey" FOREIGN KEY ("run_id","model") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence_block" ADD CONSTRAINT "evidence_block_evidence_fkey" FOREIGN KEY ("run_id","subject","reference","record") REFERENCES "public"."evidence"("run_id","subject","reference","record") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence_skipped" ADD CONSTRAINT "evidence_skipped_evidence_fkey" FOREIGN KEY ("run_id","subject","reference","record") REFERENCES "public"."evidence"("run_id","subject","reference","record") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "excluded_tensor" ADD CONSTRAINT "excluded_tensor_model_fkey" FOREIGN KEY ("run_id","model") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file" ADD CONSTRAINT "file_model_fkey" FOREIGN KEY ("run_id","model") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_model_fkey" FOREIGN KEY ("run_id","model") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "layer_map" ADD CONSTRAINT "layer_map_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model" ADD CONSTRAINT "model_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model" ADD CONSTRAINT "model_fingerprint_fingerprint_digest_fk" FOREIGN KEY ("fingerprint") REFERENCES "public"."fingerprint"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_component" ADD CONSTRAINT "model_component_model_fkey" FOREIGN KEY ("run_id","model") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release" ADD CONSTRAINT "release_subject_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release_component" ADD CONSTRAINT "release_component_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_superseded_by_run_id_fk" FOREIGN KEY ("superseded_by") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdict_reason" ADD CONSTRAINT "verdict_reason_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "run_current_programme_key" ON "run" USING btree ("programme") WHERE "run"."is_current";