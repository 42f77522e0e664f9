import { join } from 'node:path';
import { DigestMismatch, type BackendChoice, type Progress, type TensorBackend } from '@jokbo/contracts';
import { createTaskRunner, type PartStore, type TaskRunner } from '@jokbo/fingerprint';
import { createBackend } from '@jokbo/kernels';
import {
  createContentStore,
  openConnections,
  openStore,
  parseUri,
  parseWritableUri,
  removeAbandonedWrites,
  type StoreConnections,
} from '@jokbo/storage';
import { createThreadedComparer, type Comparer } from './comparer.js';

/** What a run on one machine works with. */
export interface LocalWorkspace {
  readonly parts: PartStore;
  readonly runner: TaskRunner;
  readonly backend: TensorBackend;
  readonly comparer: Comparer;
  /** What the stores of the calling thread share; absent: each has its own. */
  readonly connections?: StoreConnections | undefined;
  close(): Promise<void>;
}

export interface LocalWorkspaceOptions {
  /** Folder or `s3://` prefix of fingerprints, evidence and results. */
  readonly work: string;
  /** @default all cores */
  readonly threads?: number | undefined;
  /** @default 'wasm' */
  readonly backend?: BackendChoice | undefined;
  readonly progress: Progress;
}

/** Part of the work folder that holds content-addressed parts. */
const CONTENT = 'content';

/** Opens the workspace of a local run, rid of what killed runs left of their writes. */
export async function openLocalWorkspace(options: LocalWorkspaceOptions): Promise<LocalWorkspace> {
  const location = parseWritableUri(options.work);
  if (location.scheme === 'file') await removeAbandonedWrites(join(location.folder, CONTENT), Date.now());
  const connections = openConnections();
  const parts = openParts(options.work, (text) => options.progress.note(text), connections);
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const note = (text: string): void => options.progress.note(text);
  const backend = await createBackend(options.backend ?? 'wasm', threads, note);
  const runner = createTaskRunner(threads);
  // Threads use what was found here: one that found something else would measure in another class.
  const found = backend.name === 'tensorflow' ? 'tensorflow' : 'wasm';
  const comparer = createThreadedComparer(options.work, options.threads, found);
  return {
    backend,
    runner,
    comparer,
    parts,
    connections,
    async close() {
      await Promise.all([backend.close(), runner.close(), comparer.close()]);
      await parts.close();
      await connections.close();
    },
  };
}

/**
 * Opens the content-addressed parts of a work folder. A stored part that is damaged is reported and made again: it
 * can be re-computed, so it must not end a run.
 */
export function openParts(
  work: string,
  note: (text: string) => void,
  connections?: StoreConnections,
): PartStore & { close(): Promise<void> } {
  const store = openStore(work, { connections });
  const content = createContentStore(store, CONTENT);
  // In a bucket a read is a request: there a value is read whole.
  const inParts = parseUri(work).scheme === 'file' ? { open: (key: string) => content.open(key) } : {};
  return {
    ...inParts,
    has: (key) => content.has(key),
    put: (key, bytes) => content.put(key, bytes),
    async get(key) {
      try {
        return await content.get(key);
      } catch (error) {
        if (!(error instanceof DigestMismatch)) throw error;
        note(`${error.message}; it is made again`);
        return null;
      }
    },
    close: () => store.close(),
  };
}
