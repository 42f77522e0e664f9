import type { JokboError, ReferencePoint, TrainingTest, TrajectoryPoint, Vocabulary } from '@jokbo/contracts';
import {
  declaredRate,
  loggedRate,
  notProvided,
  type DigestedCheckpoint,
  type NeighbourMeasurement,
  type StartMeasurement,
} from '@jokbo/evidence';
import { openSource } from '../load-model.js';
import { activeParameters } from './active-parameters.js';
import { measureStart, measureStep, testStep0 } from './measure-path.js';
import { measureReference, type MeasuredReference } from './measure-reference.js';
import {
  isBadCheckpoint,
  openTrainingCheckpoint,
  type OpenedCheckpoint,
} from './open-training-checkpoint.js';
import type { PlannedCheckpoint } from './plan-checkpoints.js';
import type { ReadLogs } from './read-logs.js';
import type { ReadRecords } from './read-records.js';
import type { TrajectoryDeps, TrajectoryRequest } from './trajectory-deps.js';

/** What going along a path has measured. */
export interface WalkedPath {
  readonly points: readonly TrajectoryPoint[];
  readonly digested: readonly DigestedCheckpoint[];
  readonly step0: readonly TrainingTest[];
  readonly hasStep0: boolean;
  readonly starts: readonly StartMeasurement[];
  readonly neighbours: readonly NeighbourMeasurement[];
  readonly references: readonly MeasuredReference[];
  readonly bad: readonly JokboError[];
  readonly vocabularyRows: number | null;
  readonly activeParameters: number | null;
}

/** Goes along the path once: each checkpoint against step 0, the one before, and every reference. */
export async function walkCheckpoints(
  request: TrajectoryRequest,
  deps: TrajectoryDeps,
  records: ReadRecords,
  logs: ReadLogs,
  planned: readonly PlannedCheckpoint[],
): Promise<WalkedPath> {
  const rate = loggedRate(logs.log) ?? declaredRate(records.record?.schedule ?? null);
  const vocabulary = await releaseVocabulary(request.releaseUri, deps);
  const points: TrajectoryPoint[] = [];
  const digested: DigestedCheckpoint[] = [];
  const starts: StartMeasurement[] = [];
  const neighbours: NeighbourMeasurement[] = [];
  const references: MeasuredReference[] = [];
  const bad: JokboError[] = [];
  let step0: readonly TrainingTest[] | null = null;
  let start: OpenedCheckpoint | null = null;
  let before: OpenedCheckpoint | null = null;
  let vocabularyRows: number | null = null;
  let active: number | null = null;
  const path = { rate, record: records.record, digest: records.digest, deps };
  const fingerprintDeps = { ...deps, features: request.features };
  try {
    for (const checkpoint of planned) {
      const opened = checkpoint.present
        ? await openOrName(checkpoint, vocabulary, fingerprintDeps, bad)
        : null;
      digested.push({
        step: checkpoint.step,
        path: checkpoint.path,
        present: opened !== null,
        declared: checkpoint.files,
        found: opened?.digests ?? new Map<string, string>(),
        tensors: opened?.fingerprint.document.tensors ?? [],
      });
      if (opened === null) continue;
      const previous = before;
      before = opened;
      const measuring = Promise.all(
        request.references.map((reference) =>
          measureReference(checkpoint.step, opened.fingerprint, reference, deps),
        ),
      );
      // Runs beside what follows; a failure is thrown where it is awaited.
      measuring.catch(() => undefined);
      if (checkpoint.step === 0) {
        start = opened;
        step0 = await testStep0(opened, path);
      }
      const fromStart = start === null || start === opened ? null : await measureStart(start, opened, path);
      const fromPrevious = previous === null ? null : await measureStep(previous, opened, path);
      const against = await measuring;
      if (fromStart !== null) starts.push(fromStart);
      if (fromPrevious !== null) neighbours.push(fromPrevious);
      references.push(...against);
      points.push(trajectoryPoint(opened, fromStart, fromPrevious, against));
      vocabularyRows ??= embeddingRows(opened);
      if (checkpoint.isRelease && opened.readable !== null) {
        active = await activeParameters(opened.fingerprint.document, opened.store, deps.signal);
      }
      if (previous !== null && previous !== start) await previous.store.close();
    }
  } finally {
    await start?.store.close();
    if (before !== start) await before?.store.close();
  }
  return {
    points,
    digested,
    step0: step0 ?? [
      notProvided('step0_initialisation', 'step-0-absent'),
      notProvided('step0_from_seed', 'step-0-absent'),
    ],
    hasStep0: start !== null,
    starts,
    neighbours,
    references,
    bad,
    vocabularyRows,
    activeParameters: active,
  };
}

async function openOrName(
  planned: PlannedCheckpoint,
  vocabulary: Vocabulary | null,
  deps: Parameters<typeof openTrainingCheckpoint>[2],
  bad: JokboError[],
): Promise<OpenedCheckpoint | null> {
  try {
    return await openTrainingCheckpoint(planned, vocabulary, deps);
  } catch (error) {
    // The release itself must be readable: without it there is nothing to audit.
    if (planned.isRelease || !isBadCheckpoint(error)) throw error;
    bad.push(error);
    return null;
  }
}

async function releaseVocabulary(
  uri: string,
  { signal, connections }: TrajectoryDeps,
): Promise<Vocabulary | null> {
  const source = await openSource(uri, signal, connections);
  try {
    return source.kind === 'checkpoint' ? source.checkpoint.tokenizer : null;
  } finally {
    await source.store.close();
  }
}

function trajectoryPoint(
  { planned, fingerprint }: OpenedCheckpoint,
  fromStart: StartMeasurement | null,
  fromPrevious: NeighbourMeasurement | null,
  against: readonly MeasuredReference[],
): TrajectoryPoint {
  return {
    step: planned.step,
    path: planned.path,
    tokens: planned.tokens,
    eval_loss: planned.evalLoss,
    fingerprint: fingerprint.id,
    start_z: fromStart?.joint?.z ?? null,
    start_r: fromStart?.joint?.r ?? null,
    start_share: fromStart?.share ?? null,
    previous_z: fromPrevious?.joint?.z ?? null,
    previous_cosine: fromPrevious?.cosine ?? null,
    previous_step_ratio: fromPrevious?.stepRatio ?? null,
    references: against.map(({ reference, joint, primary }): ReferencePoint => ({
      reference,
      joint_z: joint,
      primary_z: primary,
    })),
  };
}

function embeddingRows({ fingerprint }: OpenedCheckpoint): number | null {
  for (const tensor of fingerprint.document.tensors) {
    if (tensor.component === 'embedding' && tensor.scope === 'text') return tensor.shape[0] ?? null;
  }
  return null;
}
