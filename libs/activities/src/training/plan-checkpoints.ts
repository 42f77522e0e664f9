import { joinUri } from '@jokbo/storage';
import type { ReadRecords } from './read-records.js';

/** One checkpoint that a trajectory has, or should have. */
export interface PlannedCheckpoint {
  readonly step: number;
  /** Below the folder of the records; `.` = the release. */
  readonly path: string;
  readonly uri: string;
  readonly isRelease: boolean;
  readonly present: boolean;
  readonly tokens: number | null;
  readonly evalLoss: number | null;
  /** Declared SHA-256 by file. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The checkpoints of a trajectory in order of step: those of training.json, those in `checkpoints/` that it does not
 * name, and the release itself, which is the path `.`; where training.json does not say at which step the release
 * was written, it stands at the end of the run.
 *
 * @param lastLogged last step of the log, counted from 0; null without a log.
 */
export function planCheckpoints(
  { files, paths, record }: ReadRecords,
  trainingUri: string,
  releaseUri: string,
  lastLogged: number | null,
): readonly PlannedCheckpoint[] {
  const planned = (record?.checkpoints ?? []).map((checkpoint): PlannedCheckpoint => {
    const isRelease = checkpoint.path === '.';
    return {
      ...checkpoint,
      uri: isRelease ? releaseUri : joinUri(trainingUri, checkpoint.path),
      isRelease,
      present: isRelease || paths.some((path) => path.startsWith(`${checkpoint.path}/`)),
    };
  });
  for (const { step, path } of files.checkpoints) {
    if (planned.some((other) => other.path === path || other.step === step)) continue;
    planned.push({ ...UNDECLARED, step, path, uri: joinUri(trainingUri, path), isRelease: false });
  }
  if (!planned.some(({ isRelease }) => isRelease)) {
    const last = Math.max(-1, ...planned.map(({ step }) => step));
    const end = record?.totalSteps ?? (lastLogged === null ? last + 1 : lastLogged + 1);
    planned.push({
      ...UNDECLARED,
      step: Math.max(end, last + 1),
      path: '.',
      uri: releaseUri,
      isRelease: true,
    });
  }
  return planned.sort((a, b) => a.step - b.step);
}

const UNDECLARED = {
  present: true,
  tokens: null,
  evalLoss: null,
  files: new Map<string, string>(),
} as const;
