import { MalformedTrainingRecord, type ObjectStore } from '@jokbo/contracts';
import { compareHistories, type FileComparison, type LogInputs } from '@jokbo/evidence';
import {
  collectLog,
  readHistoryLines,
  readWandb,
  runIdOf,
  type HistoryRow,
  type TrainingLog,
  type WandbFacts,
} from '@jokbo/models';
import type { ReadRecords } from './read-records.js';

/** The logs of a run as the tests need them. */
export interface ReadLogs extends Pick<LogInputs, 'log' | 'settings' | 'runIds' | 'cutTails'> {
  readonly comparisons: readonly FileComparison[];
  /** Files that break their format. */
  readonly damaged: readonly MalformedTrainingRecord[];
  /** Offline files that count: those of the declared run, or all. */
  readonly offline: readonly string[];
}

/**
 * Reads the logs as streams: the offline files of the declared run one after the other, each exported history beside
 * them. A file that breaks its format is returned as damaged, with object and offset.
 */
export async function readLogs(
  store: ObjectStore,
  { files, record }: ReadRecords,
  signal?: AbortSignal,
): Promise<ReadLogs> {
  const declared = files.wandb.filter((path) => runIdOf(path) === record?.runId);
  const offline = declared.length > 0 ? declared : files.wandb;
  const damaged: MalformedTrainingRecord[] = [];
  const facts: { readonly path: string; readonly facts: WandbFacts }[] = [];
  const read = await undamaged(damaged, () =>
    collectLog(offlineRows(store, offline, facts, signal), store.uri),
  );
  const log = filled(read) ?? filled(await firstHistory(store, files.histories, damaged, signal));
  const comparisons: FileComparison[] = [];
  for (const path of offline.length === 0 || damaged.length > 0 ? [] : files.histories) {
    const compared = await undamaged(damaged, () =>
      compareHistories(historyRows(store, path, signal), offlineRows(store, offline, [], signal), path),
    );
    if (compared !== null) comparisons.push(compared);
  }
  return {
    log,
    settings: new Map(facts.flatMap((run) => [...run.facts.settings])),
    runIds: facts.flatMap((run) => run.facts.runId ?? []),
    cutTails: facts.flatMap(({ path, facts: { cutTail } }) =>
      cutTail === null ? [] : [{ object: path, offset: cutTail.offset }],
    ),
    comparisons,
    damaged,
    offline,
  };
}

/** The log of the exported history, where no offline file can be read: the one nearest to the top. */
async function firstHistory(
  store: ObjectStore,
  paths: readonly string[],
  damaged: MalformedTrainingRecord[],
  signal?: AbortSignal,
): Promise<TrainingLog | null> {
  const depth = (path: string): number => path.split('/').length;
  const [path] = [...paths].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return path === undefined
    ? null
    : undamaged(damaged, () => collectLog(historyRows(store, path, signal), `${store.uri}/${path}`));
}

/** A log without a training row is none. */
function filled(log: TrainingLog | null): TrainingLog | null {
  return log === null || log.rows === 0 ? null : log;
}

/** What `read` returns; null, with the error kept, where a record breaks its format. */
async function undamaged<T>(damaged: MalformedTrainingRecord[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MalformedTrainingRecord)) throw error;
    if (!damaged.some(({ message }) => message === error.message)) damaged.push(error);
    return null;
  }
}

async function* offlineRows(
  store: ObjectStore,
  paths: readonly string[],
  facts: { path: string; facts: WandbFacts }[],
  signal?: AbortSignal,
): AsyncGenerator<HistoryRow, void> {
  for (const path of paths) {
    const source = await store.open(path, signal);
    try {
      const run = readWandb(source, signal);
      yield* run.rows;
      facts.push({ path, facts: run.facts });
    } finally {
      await source.close();
    }
  }
}

async function* historyRows(
  store: ObjectStore,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<HistoryRow, void> {
  const source = await store.open(path, signal);
  try {
    yield* readHistoryLines(source, signal);
  } finally {
    await source.close();
  }
}
