import { ObjectMissing, type Checkpoint, type ObjectStore, type Progress } from '@jokbo/contracts';
import {
  FINGERPRINT_FILE,
  fingerprintCheckpoint,
  readFingerprint,
  storeFingerprint,
  taskBytes,
  type Fingerprint,
  type PartStore,
  type TaskRunner,
} from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { openStore, type StoreConnections } from '@jokbo/storage';

/** A source that was looked at: a checkpoint with its headers read, or a fingerprint that stands for one. */
export type Source =
  | {
      readonly kind: 'checkpoint';
      readonly uri: string;
      readonly store: ObjectStore;
      readonly checkpoint: Checkpoint;
    }
  | {
      readonly kind: 'fingerprint';
      readonly uri: string;
      readonly store: ObjectStore;
      readonly fingerprint: Fingerprint;
    };

/**
 * Opens a source: a folder with `fingerprint.json` is a fingerprint, any other a checkpoint.
 *
 * @param connections that its store shares with others; absent: it has its own.
 * @throws as `readCheckpoint` and `readFingerprint`. The caller closes `store`.
 */
export async function openSource(
  uri: string,
  signal?: AbortSignal,
  connections?: StoreConnections,
): Promise<Source> {
  const store = openStore(uri, { connections });
  try {
    if (await hasFingerprint(store, signal)) {
      return { kind: 'fingerprint', uri, store, fingerprint: await readFingerprint(store, '', signal) };
    }
    return { kind: 'checkpoint', uri, store, checkpoint: await readCheckpoint(store, uri, signal) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function hasFingerprint(store: ObjectStore, signal?: AbortSignal): Promise<boolean> {
  try {
    await (await store.open(FINGERPRINT_FILE, signal)).close();
    return true;
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}

/** What fingerprinting a source needs. */
export interface FingerprintDeps {
  readonly runner: TaskRunner;
  readonly parts: PartStore;
  readonly progress: Progress;
  readonly features: number;
  readonly signal?: AbortSignal | undefined;
  /** What the stores of sources share. */
  readonly connections?: StoreConnections | undefined;
}

/** The fingerprint of a source: made from its parts, or handed over as it is; kept in the store by its id. */
export async function fingerprintSource(source: Source, deps: FingerprintDeps): Promise<Fingerprint> {
  if (source.kind === 'fingerprint') {
    await storeFingerprint(deps.parts, source.fingerprint);
    return source.fingerprint;
  }
  const { runner, parts, progress, features, signal } = deps;
  return fingerprintCheckpoint(source.checkpoint, source.store, runner, parts, {
    features,
    ...(signal === undefined ? {} : { signal }),
    onPlan: (tasks) => {
      progress.expect(
        'fingerprint',
        tasks.length,
        tasks.reduce((sum, task) => sum + taskBytes(task), 0),
      );
    },
    onTask: (task, read) => progress.advance('fingerprint', 1, read ? taskBytes(task) : 0),
  });
}
