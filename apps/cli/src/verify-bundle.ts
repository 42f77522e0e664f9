import { createHash } from 'node:crypto';
import { validateResult } from '@jokbo/activities';
import {
  ObjectMissing,
  UsageError,
  type BundleFile,
  type BundleManifest,
  type ByteSource,
  type ObjectStore,
  type ResultDocument,
} from '@jokbo/contracts';
import { manifestContradictions } from '@jokbo/report';
import { readRange } from '@jokbo/storage';
import { MANIFEST_FILE, readJson, readManifest, RESULT_FILE } from './read-manifest.js';

/** Bytes of a file that are digested at a time. */
const CHUNK_BYTES = 64 * 1024 ** 2;

/** What is wrong with one file of a bundle. */
export interface BundleProblem {
  readonly path: string;
  readonly problem: string;
}

export interface VerifiedBundle {
  readonly manifest: BundleManifest;
  /** What does not hold, {@link unlisted} files among it. */
  readonly problems: readonly BundleProblem[];
  /** Files beside those of the manifest, which no digest covers. */
  readonly unlisted: readonly string[];
}

/**
 * Checks every file of a report bundle against its manifest, and the manifest against the result document. A file that the
 * manifest does not name could be taken for a part of what was published: it is a problem as well. Nothing but the bundle
 * is read.
 *
 * @throws ObjectMissing without a manifest; UsageError where that is none.
 */
export async function verifyBundle(store: ObjectStore, signal?: AbortSignal): Promise<VerifiedBundle> {
  const { manifest, isCanonical } = await readManifest(store, signal);
  const problems: BundleProblem[] = [];
  if (!isCanonical) problems.push({ path: MANIFEST_FILE, problem: 'is not written as canonical JSON' });
  for (const file of manifest.files) {
    const problem = await fileProblem(store, file, signal);
    if (problem !== null) problems.push({ path: file.path, problem });
  }
  const listed = new Set(manifest.files.map(({ path }) => path));
  if (!listed.has(RESULT_FILE)) problems.push({ path: RESULT_FILE, problem: 'is not in the manifest' });
  else if (!problems.some(({ path }) => path === RESULT_FILE)) {
    problems.push(...(await resultProblems(store, manifest, signal)));
  }
  const unlisted = (await store.list('', signal)).flatMap(({ path }) =>
    listed.has(path) || path === MANIFEST_FILE ? [] : [path],
  );
  problems.push(
    ...unlisted.map((path) => ({ path, problem: 'is not in the manifest: no digest covers it' })),
  );
  return { manifest, problems, unlisted };
}

async function fileProblem(
  store: ObjectStore,
  { path, size, sha256 }: BundleFile,
  signal?: AbortSignal,
): Promise<string | null> {
  let source: ByteSource;
  try {
    source = await store.open(path, signal);
  } catch (error) {
    if (error instanceof ObjectMissing) return 'is missing';
    throw error;
  }
  try {
    if (source.size !== size) return `has ${source.size} bytes, the manifest says ${size}`;
    const hash = createHash('sha256');
    for (let start = 0; start < size; start += CHUNK_BYTES) {
      hash.update(await readRange(source, start, Math.min(size, start + CHUNK_BYTES), signal));
    }
    const found = hash.digest('hex');
    return found === sha256 ? null : `has SHA-256 ${found}, the manifest says ${sha256}`;
  } finally {
    await source.close();
  }
}

async function resultProblems(
  store: ObjectStore,
  manifest: BundleManifest,
  signal?: AbortSignal,
): Promise<BundleProblem[]> {
  const size = manifest.files.find(({ path }) => path === RESULT_FILE)?.size ?? 0;
  try {
    const { value: document } = await readJson(store, RESULT_FILE, size, signal);
    validateResult(document);
    return manifestContradictions(manifest, document as ResultDocument).map((problem) => ({
      path: MANIFEST_FILE,
      problem,
    }));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [{ path: RESULT_FILE, problem: `is no result document: ${error.message}` }];
  }
}
