import type { ObjectStore } from '@jokbo/contracts';
import {
  findRecords,
  MAX_TRAINING_JSON_BYTES,
  parseTrainingRecord,
  TRAINING_JSON,
  type RecordFiles,
  type TrainingRecord,
} from '@jokbo/models';
import { readObject } from '@jokbo/storage';
import { sha256 } from '../evidence-store.js';

/** The training records of one release: what lies there, and what training.json says. */
export interface ReadRecords {
  readonly files: RecordFiles;
  /** Every path in the folder. */
  readonly paths: readonly string[];
  readonly record: TrainingRecord | null;
  /** SHA-256 of training.json; of nothing where there is none. */
  readonly digest: string;
}

/**
 * Looks at a folder of training records.
 *
 * @throws MalformedTrainingRecord when training.json breaks its format.
 */
export async function readRecords(store: ObjectStore, signal?: AbortSignal): Promise<ReadRecords> {
  const listing = await store.list('', signal);
  const files = findRecords(listing);
  const bytes = files.trainingJson
    ? await readObject(store, TRAINING_JSON, MAX_TRAINING_JSON_BYTES, signal)
    : null;
  return {
    files,
    paths: listing.map(({ path }) => path),
    record: bytes === null ? null : parseTrainingRecord(bytes, `${store.uri}/${TRAINING_JSON}`),
    digest: sha256(bytes ?? ''),
  };
}
