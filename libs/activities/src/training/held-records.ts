import { UsageError } from '@jokbo/contracts';
import type { RecordFiles } from '@jokbo/models';

/** Whether a folder holds anything that tells of a training. */
export function holdsRecords({ trainingJson, checkpoints, wandb, histories }: RecordFiles): boolean {
  return trainingJson || [checkpoints, wandb, histories].some((files) => files.length > 0);
}

/** The error of a folder that holds none. */
export function noRecords(uri: string): UsageError {
  return new UsageError('there are no training records: no training.json, checkpoints/ or log', {
    object: uri,
  });
}
