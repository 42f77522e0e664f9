CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."document_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."document_head"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_row"();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON "public"."document_pair"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER never_added AFTER INSERT ON "public"."document_pair"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "public"."refuse_late_row"();
