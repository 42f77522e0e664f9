ALTER TABLE "evidence" DROP CONSTRAINT "evidence_method_check";--> statement-breakpoint
ALTER TABLE "layer_map" ADD COLUMN "statistic" text DEFAULT 'trace' NOT NULL;--> statement-breakpoint
ALTER TABLE "layer_map" DROP CONSTRAINT "layer_map_key";
--> statement-breakpoint
ALTER TABLE "layer_map" ADD CONSTRAINT "layer_map_key" PRIMARY KEY("run_id","subject","reference","component","role","statistic");--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_method_check" CHECK ("evidence"."method" in ('byte_identity', 'value_identity', 'row_identity', 'trace', 'rank_trace', 'balanced_trace', 'residual_gram', 'hidden_gram', 'hidden_trace', 'value_gram', 'expert_axis', 'matched_units', 'attention_heads', 'shuffled_experts', 'upcycled_experts', 'duplicated_layers', 'start_split', 'norm_context', 'residual_permutation', 'residual_rotation', 'rotated_hidden', 'head_matching', 'hidden_matching', 'token_matching', 'token_fixed_points', 'awm', 'mdir', 'huref'));