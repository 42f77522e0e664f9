import { UsageError, type ResultDocument, type TrainingSection } from '@jokbo/contracts';
import { DEFAULT_FEATURES } from '@jokbo/fingerprint';
import { findRecords } from '@jokbo/models';
import { openStore } from '@jokbo/storage';
import { parseReproduceCommand } from '../reproduce-command.js';
import type { ReproduceReleaseOptions } from '../reproduce-self-tests.js';
import type { ReproducedFigure } from '../reproduced-figure.js';
import { belowFolder } from './below-folder.js';
import { fingerprintedReferences } from './fingerprinted-references.js';
import { holdsRecords, noRecords } from './held-records.js';
import { measureTrajectory } from './measure-trajectory.js';
import { parseTrajectoryCommand } from './trajectory-command.js';
import { trainingFigures } from './training-figures.js';

export interface ReproduceTrainingOptions extends ReproduceReleaseOptions {
  /** The URI of what is read whole: release and training records, which no fingerprint stands for. */
  readonly locate: (place: string) => Promise<string>;
  /** URI of the programme's folder, which the published section does not name. */
  readonly folder: string;
}

/**
 * Tests the training records of a published release again by what its section names, and holds every figure against the
 * published one.
 *
 * @throws UsageError where the section names no command that could be run, or what it tells of is gone.
 */
export async function reproduceTraining(options: ReproduceTrainingOptions): Promise<ReproducedFigure[]> {
  const { document, subject, resolve, locate, workspace, progress, signal } = options;
  const published = document.training?.find((section) => section.subject === subject);
  const command = parseTrajectoryCommand(published?.reproduce ?? '');
  if (published === undefined || command === null) {
    throw new UsageError('the result names no command that tests these training records again', {
      value: published?.reproduce ?? subject,
    });
  }
  const { release, training, features = DEFAULT_FEATURES } = command;
  const trainingUri = await locate(training);
  if (toldOfRecords(published)) await requireRecords(trainingUri, signal);
  const ids = referenceIds(document, subject);
  const references = [];
  for (const place of command.references) {
    references.push({ id: ids.get(place) ?? place, uri: await resolve(place) });
  }
  const measured = await measureTrajectory(
    {
      subject,
      releaseUri: await locate(release),
      trainingUri,
      references: await fingerprintedReferences(references, { workspace, features, progress, signal }),
      features,
    },
    { ...workspace, progress, signal },
  );
  return trainingFigures(published, belowFolder(measured, options.folder));
}

/** Whether a section tells of more than the release itself. */
function toldOfRecords({ records, points }: TrainingSection): boolean {
  const { training_json: hasJson, history_files: histories, wandb_files: offline } = records;
  return hasJson || histories.length > 0 || offline.length > 0 || points.some(({ path }) => path !== '.');
}

/** An empty folder would give a section of its own, in which nothing was provided. */
async function requireRecords(uri: string, signal: AbortSignal | undefined): Promise<void> {
  const store = openStore(uri);
  try {
    if (!holdsRecords(findRecords(await store.list('', signal)))) throw noRecords(uri);
  } finally {
    await store.close();
  }
}

/** Ids of references by the places that the pairs of a release name: no two lie at one place. */
function referenceIds({ pairs }: ResultDocument, subject: string): ReadonlyMap<string, string> {
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const place = pair.subject === subject ? parseReproduceCommand(pair.reproduce)?.reference : undefined;
      return place === undefined ? [] : [[place, pair.reference]];
    }),
  );
}
