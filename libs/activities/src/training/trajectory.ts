import { UsageError, type Progress, type TrajectoryDocument } from '@jokbo/contracts';
import { DEFAULT_FEATURES, SAMPLING_SCHEME } from '@jokbo/fingerprint';
import { openStore } from '@jokbo/storage';
import { fingerprintSource, openSource } from '../load-model.js';
import type { LocalWorkspace } from '../local-workspace.js';
import { VERSION } from '../version.js';
import { measureTrajectory } from './measure-trajectory.js';
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
  const references = [];
  for (const uri of options.references) {
    const source = await openSource(uri, signal);
    try {
      const fingerprint = await fingerprintSource(source, { ...workspace, progress, features, signal });
      references.push({ id: uri, fingerprint: fingerprint.id });
    } finally {
      await source.store.close();
    }
  }
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
    const any = files.trainingJson || files.checkpoints.length > 0 || files.wandb.length > 0;
    if (any || files.histories.length > 0) return;
    throw new UsageError('there are no training records: no training.json, checkpoints/ or log', {
      object: uri,
    });
  } finally {
    await store.close();
  }
}
