import {
  MalformedTrainingRecord,
  type JokboError,
  type TrainingSection,
  type TrainingTest,
} from '@jokbo/contracts';
import {
  checkpointDigests,
  computePlausible,
  descendsFromStep0,
  logAgainstEvaluation,
  logConsistent,
  logFilesAgree,
  pathSmooth,
  referencesFlat,
} from '@jokbo/evidence';
import { openStore } from '@jokbo/storage';
import type { MeasuredReference } from './measure-reference.js';
import { planCheckpoints } from './plan-checkpoints.js';
import { readLogs, type ReadLogs } from './read-logs.js';
import { readRecords, type ReadRecords } from './read-records.js';
import type { TrajectoryDeps, TrajectoryRequest } from './trajectory-deps.js';
import { unreadableSection } from './unreadable-section.js';
import { walkCheckpoints } from './walk-checkpoints.js';

/**
 * Measures a training trajectory and tests it. Checkpoints are opened one after the other, two at a time in memory;
 * what was measured is kept. Records that cannot be read are named in the section, and what needs them is not
 * provided or fails; they never end an audit.
 *
 * @throws whatever storage throws: a result needs all that is there to have been read.
 */
export async function measureTrajectory(
  request: TrajectoryRequest,
  deps: TrajectoryDeps,
): Promise<TrainingSection> {
  const store = openStore(request.trainingUri, { connections: deps.connections });
  try {
    const records = await readRecords(store, deps.signal);
    const logs = await readLogs(store, records, deps.signal);
    return await measureRecords(request, deps, records, logs);
  } catch (error) {
    if (!(error instanceof MalformedTrainingRecord)) throw error;
    return unreadableSection(request.subject, true, unreadable(error));
  } finally {
    await store.close();
  }
}

function unreadable(error: JokboError): TrainingSection['unreadable'][number] {
  return { object: error.object ?? null, message: error.message };
}

async function measureRecords(
  request: TrajectoryRequest,
  deps: TrajectoryDeps,
  records: ReadRecords,
  logs: ReadLogs,
): Promise<TrainingSection> {
  const { record, files } = records;
  const lastLogged = logs.log?.columns.step.at(-1) ?? null;
  const planned = planCheckpoints(records, request.trainingUri, request.releaseUri, lastLogged);
  const walked = await walkCheckpoints(request, deps, records, logs, planned);
  const context = { log: logs.log, record };
  const evaluations = planned.map(({ step, evalLoss }) => ({ step, loss: evalLoss }));
  const tests: readonly TrainingTest[] = [
    checkpointDigests(walked.digested),
    ...walked.step0,
    descendsFromStep0(walked.starts, walked.hasStep0),
    pathSmooth(walked.neighbours),
    referencesFlat(byReference(walked.references)),
    logConsistent({ ...context, ...logs, damagedFiles: logs.damaged.length }),
    logFilesAgree(logs.comparisons),
    logAgainstEvaluation({ ...context, evaluations, vocabulary: walked.vocabularyRows }),
    computePlausible({
      activeParameters: record?.activeParameters ?? walked.activeParameters,
      tokens: record?.totalTokens ?? logs.log?.columns.tokens.at(-1) ?? null,
      hardware: record?.hardware ?? null,
      loggedSeconds: loggedSeconds(logs),
    }),
  ];
  return {
    subject: request.subject,
    records: {
      training_json: files.trainingJson,
      checkpoints: planned.filter(({ present }) => present).length,
      history_files: files.histories,
      wandb_files: logs.offline,
      log_rows: logs.log?.rows ?? null,
    },
    points: walked.points,
    tests,
    unreadable: [...logs.damaged, ...walked.bad].map(unreadable),
  };
}

/** In the order that the test wants: each reference's checkpoints together. */
function byReference(measured: readonly MeasuredReference[]): readonly MeasuredReference[] {
  const ids = [...new Set(measured.map(({ reference }) => reference))];
  return ids.flatMap((id) => measured.filter(({ reference }) => reference === id));
}

function loggedSeconds({ log }: ReadLogs): number | null {
  const [first, last] = [log?.columns.timestamp[0], log?.columns.timestamp.at(-1)];
  if (log === null || log.names.timestamp === null || first === undefined || last === undefined) return null;
  return Number.isFinite(last - first) ? last - first : null;
}
