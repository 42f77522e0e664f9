CREATE TABLE "failure" (
	"run_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"part" text NOT NULL,
	"model" text NOT NULL,
	"reference" text,
	"kind" text,
	"mode" text,
	"code" text NOT NULL,
	"rule" text,
	"object" text,
	"tensor" text,
	"message" text NOT NULL,
	CONSTRAINT "failure_key" PRIMARY KEY("run_id","position"),
	CONSTRAINT "failure_part_check" CHECK ("failure"."part" in ('model', 'comparison')),
	CONSTRAINT "failure_mode_check" CHECK ("failure"."mode" in ('sampled', 'full'))
);
--> statement-breakpoint
ALTER TABLE "model" ALTER COLUMN "model_type" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "model" ALTER COLUMN "architecture" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "model" ALTER COLUMN "parameters" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "model" ALTER COLUMN "bytes" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "model" ALTER COLUMN "fingerprint" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "failure" ADD CONSTRAINT "failure_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;