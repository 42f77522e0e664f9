CREATE TABLE "declared_ancestor" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"position" integer NOT NULL,
	"ancestor" text NOT NULL,
	"reference" text,
	"components" text[] NOT NULL,
	"note" text,
	"day" date,
	"author" text,
	CONSTRAINT "declared_ancestor_key" PRIMARY KEY("run_id","subject","position")
);
--> statement-breakpoint
CREATE TABLE "team_reply" (
	"run_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"position" integer NOT NULL,
	"reference" text,
	"component" text,
	"day" date NOT NULL,
	"author" text NOT NULL,
	"reply" text NOT NULL,
	CONSTRAINT "team_reply_key" PRIMARY KEY("run_id","subject","position"),
	CONSTRAINT "team_reply_component_check" CHECK ("team_reply"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector'))
);
--> statement-breakpoint
ALTER TABLE "declared_ancestor" ADD CONSTRAINT "declared_ancestor_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "declared_ancestor" ADD CONSTRAINT "declared_ancestor_reference_fkey" FOREIGN KEY ("run_id","reference") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_reply" ADD CONSTRAINT "team_reply_release_fkey" FOREIGN KEY ("run_id","subject") REFERENCES "public"."release"("run_id","subject") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_reply" ADD CONSTRAINT "team_reply_reference_fkey" FOREIGN KEY ("run_id","reference") REFERENCES "public"."model"("run_id","model") ON DELETE no action ON UPDATE no action;