ALTER TABLE "failure" DROP CONSTRAINT "failure_part_check";--> statement-breakpoint
ALTER TABLE "failure" ADD CONSTRAINT "failure_part_check" CHECK ("failure"."part" in ('model', 'comparison', 'training'));--> statement-breakpoint
COMMENT ON VIEW report_v1.failures IS 'One row per model, comparison or training records of a run that failed for good while the audit went on with the others. What depends on it is not clean.';
COMMENT ON COLUMN report_v1.failures.position IS 'Place among the failures of the run, from 1: models, comparisons, training records.';
COMMENT ON COLUMN report_v1.failures.part IS 'model (it could not be read), comparison (both models were read, the comparison failed) or training (the training records of a release could not be tested).';
COMMENT ON COLUMN report_v1.failures.model IS 'Id of the model that could not be read, of the first of the comparison, or of the release whose training records failed.';
COMMENT ON COLUMN report_v1.failures.reference IS 'Id of the other model of the comparison; NULL where part is not comparison.';
COMMENT ON COLUMN report_v1.failures.kind IS 'What the comparison was for: audit, negative, derivative, calibration, int8, identity, disguise or self; NULL where part is not comparison.';
COMMENT ON COLUMN report_v1.failures.mode IS 'sampled or full; NULL where part is not comparison.';
