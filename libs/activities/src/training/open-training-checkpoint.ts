import {
  MalformedCheckpoint,
  UnsupportedArchitecture,
  UnsupportedDtype,
  type JokboError,
  type ObjectStore,
  type Vocabulary,
} from '@jokbo/contracts';
import { fileDigest, type ReadableCheckpoint } from '@jokbo/evidence';
import type { Fingerprint } from '@jokbo/fingerprint';
import { fingerprintSource, openSource, type FingerprintDeps } from '../load-model.js';
import type { PlannedCheckpoint } from './plan-checkpoints.js';
import { remember } from './remember.js';

/** A checkpoint of a trajectory, fingerprinted; the caller closes `store`. */
export interface OpenedCheckpoint {
  readonly planned: PlannedCheckpoint;
  readonly store: ObjectStore;
  readonly fingerprint: Fingerprint;
  /** Null where a fingerprint stands for the weights. */
  readonly readable: ReadableCheckpoint | null;
  /** SHA-256 of every weight file. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Opens one checkpoint. It inherits the tokenizer of its release where it stores none, so that embedding rows are
 * named alike throughout.
 *
 * @param vocabulary of the release.
 * @throws as `openSource` and `fingerprintSource`; {@link isBadCheckpoint} tells those that are the team's fault.
 */
export async function openTrainingCheckpoint(
  planned: PlannedCheckpoint,
  vocabulary: Vocabulary | null,
  deps: FingerprintDeps,
): Promise<OpenedCheckpoint> {
  const { signal, connections } = deps;
  const opened = await openSource(planned.uri, signal, connections);
  const { store } = opened;
  try {
    if (opened.kind === 'fingerprint') {
      const fingerprint = await fingerprintSource(opened, deps);
      return { planned, store, fingerprint, readable: null, digests: new Map() };
    }
    const own = opened.checkpoint;
    const inherits = own.tokenizer === null && vocabulary !== null;
    const checkpoint = inherits
      ? {
          ...own,
          tokenizer: vocabulary,
          findings: own.findings.filter((finding) => !finding.startsWith('tokenizer-absent')),
        }
      : own;
    const fingerprint = await fingerprintSource({ ...opened, checkpoint }, deps);
    const digests = new Map<string, string>();
    for (const file of checkpoint.files) {
      const digest = await remember(deps.parts, ['file', store.uri, file.path, file.etag, file.size], () =>
        digestOf(store, file.path, signal),
      );
      digests.set(file.path, digest);
    }
    return { planned, store, fingerprint, readable: { checkpoint, store }, digests };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function digestOf(store: ObjectStore, path: string, signal?: AbortSignal): Promise<string> {
  const source = await store.open(path, signal);
  try {
    return await fileDigest(source, signal);
  } finally {
    await source.close();
  }
}

/** Whether an error says that the checkpoint itself cannot be read: a result about the team's record. */
export function isBadCheckpoint(error: unknown): error is JokboError {
  return (
    error instanceof MalformedCheckpoint ||
    error instanceof UnsupportedArchitecture ||
    error instanceof UnsupportedDtype
  );
}
