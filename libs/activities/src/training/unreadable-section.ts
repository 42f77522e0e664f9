import { TRAINING_TESTS, type TrainingSection } from '@jokbo/contracts';
import { notProvided } from '@jokbo/evidence';

/** The section of a release whose training records could not be read: what was to be tested, and why it was not. */
export function unreadableSection(
  subject: string,
  hasRecord: boolean,
  why: TrainingSection['unreadable'][number],
): TrainingSection {
  return {
    subject,
    records: {
      ...{ training_json: hasRecord, checkpoints: 0, history_files: [], wandb_files: [] },
      log_rows: null,
    },
    points: [],
    tests: TRAINING_TESTS.map((test) => notProvided(test, 'record-unreadable')),
    unreadable: [why],
  };
}

/**
 * The training sections of a result in the order of its plan: those that were tested, and for those that failed one that
 * says so.
 */
export function withFailedTraining(
  planned: readonly string[],
  tested: readonly TrainingSection[],
  failed: readonly { readonly subject: string; readonly object: string | null; readonly message: string }[],
): readonly TrainingSection[] {
  if (failed.length === 0) return tested;
  return planned.flatMap((subject) => {
    const section = tested.find((own) => own.subject === subject);
    const cause = failed.find((own) => own.subject === subject);
    if (section !== undefined || cause === undefined) return section ?? [];
    const { object, message } = cause;
    return [unreadableSection(subject, false, { object, message })];
  });
}
