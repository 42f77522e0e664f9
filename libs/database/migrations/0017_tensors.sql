CREATE TABLE "tensor" (
	"fingerprint" text NOT NULL,
	"position" bigint NOT NULL,
	"stored" text NOT NULL,
	"key" text,
	"scope" text,
	"component" text,
	"layer" bigint,
	"role" text,
	"expert" bigint,
	"part" text,
	"dtype" text,
	"shape" bigint[],
	"parameters" bigint NOT NULL,
	"bytes" bigint,
	"digest" text,
	"reason" text,
	CONSTRAINT "tensor_key" PRIMARY KEY("fingerprint","position"),
	CONSTRAINT "tensor_component_check" CHECK ("tensor"."component" in ('embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'mtp', 'vision', 'audio', 'projector')),
	CONSTRAINT "tensor_excluded_check" CHECK (("tensor"."reason" is null) = ("tensor"."key" is not null) and ("tensor"."key" is null) = ("tensor"."digest" is null)),
	CONSTRAINT "tensor_counts_check" CHECK ("tensor"."parameters" >= 0)
);
--> statement-breakpoint
CREATE TABLE "tensor_list" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"tensors" bigint NOT NULL,
	"excluded" bigint NOT NULL,
	CONSTRAINT "tensor_list_counts_check" CHECK ("tensor_list"."tensors" >= 0 and "tensor_list"."excluded" >= 0)
);
--> statement-breakpoint
ALTER TABLE "tensor" ADD CONSTRAINT "tensor_fingerprint_tensor_list_fingerprint_fk" FOREIGN KEY ("fingerprint") REFERENCES "public"."tensor_list"("fingerprint") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tensor_list" ADD CONSTRAINT "tensor_list_fingerprint_fingerprint_digest_fk" FOREIGN KEY ("fingerprint") REFERENCES "public"."fingerprint"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tensor_digest_index" ON "tensor" USING hash ("digest");--> statement-breakpoint
CREATE INDEX "tensor_component_index" ON "tensor" USING btree ("fingerprint","component");