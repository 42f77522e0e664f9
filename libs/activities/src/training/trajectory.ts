import type { Progress, TrajectoryDocument } from '@jokbo/contracts';
import { DEFAULT_FEATURES, SAMPLING_SCHEME } from '@jokbo/fingerprint';
import { openStore } from '@jokbo/storage';
import type { LocalWorkspace } from '../local-workspace.js';
import { VERSION } from '../version.js';
import { fingerprintedReferences } from './fingerprinted-references.js';
import { measureTrajectory } from './measure-trajectory.js';
import { holdsRecords, noRecords } from './held-records.js';
import { readRecords } from './read-records.js';

export interface TrajectoryOptions {
  /** The release: a folder or an `s3://` prefix. */
  readonly release: string;
  /** Folder of the training records. @default the release */
  readonly training?: string | undefined;
  readonly references: readonly string[];
  readonly features?: number | undefined;
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tests the training trajectory of one release, outside of a programme.
 *
 * @throws UsageError when there are no training records.
 * @throws MalformedTrainingRecord when training.json breaks its format.
 */
export async function testTrajectory(options: TrajectoryOptions): Promise<TrajectoryDocument> {
  const { release, training = release, workspace, progress, signal } = options;
  await requireRecords(training, signal);
  const features = options.features ?? DEFAULT_FEATURES;
  const references = await fingerprintedReferences(
    options.references.map((uri) => ({ id: uri, uri })),
    { workspace, features, progress, signal },
  );
  const section = await measureTrajectory(
    { subject: release, releaseUri: release, trainingUri: training, references, features },
    { ...workspace, progress, signal },
  );
  return {
    schema_version: 1,
    tool: { name: 'jokbo', version: VERSION, sampling: SAMPLING_SCHEME },
    ...section,
  };
}

async function requireRecords(uri: string, signal?: AbortSignal): Promise<void> {
  const store = openStore(uri);
  try {
    const { files } = await readRecords(store, signal);
    if (!holdsRecords(files)) throw noRecords(uri);
  } finally {
    await store.close();
  }
}
