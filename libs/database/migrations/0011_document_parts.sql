CREATE TABLE "document_head" (
	"run_id" bigint PRIMARY KEY NOT NULL,
	"head" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_pair" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"reference" text NOT NULL,
	"position" integer NOT NULL,
	"outline" text NOT NULL,
	"records" text NOT NULL,
	"blocks" text NOT NULL,
	"maps" text NOT NULL,
	CONSTRAINT "document_pair_key" PRIMARY KEY("run_id","subject","reference")
);
--> statement-breakpoint
ALTER TABLE "document_head" ADD CONSTRAINT "document_head_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_pair" ADD CONSTRAINT "document_pair_comparison_fkey" FOREIGN KEY ("run_id","subject","reference") REFERENCES "public"."comparison"("run_id","subject","reference") ON DELETE no action ON UPDATE no action;