ALTER TABLE "comparison" ALTER COLUMN "linked_share" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "release" ALTER COLUMN "linked_share" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "objections_until" date;