import type { ObjectInfo } from '@jokbo/contracts';

/** Name of the record that describes a run. */
export const TRAINING_JSON = 'training.json';

/** Where the training records of a folder lie. Paths below the folder, in path order. */
export interface RecordFiles {
  readonly trainingJson: boolean;
  /** Offline runs; their folders are named by date and time, so path order is order of start. */
  readonly wandb: readonly string[];
  /** Exported histories. */
  readonly histories: readonly string[];
  /** Checkpoints by the number in their folder's name: `checkpoints/step-100`. */
  readonly checkpoints: readonly { readonly step: number; readonly path: string }[];
}

/** Most log files of either kind: a run that was restarted a thousand times. */
const MAX_LOG_FILES = 1024;

/** Most checkpoint folders that are taken from names. */
const MAX_CHECKPOINT_FOLDERS = 4096;

const WANDB_FILE = /(?:^|\/)run-[^/]+\.wandb$/;
const HISTORY_FILE = /(?:^|\/)(?:wandb-)?history\.jsonl$/;
const CHECKPOINT_CONFIG = /^(checkpoints\/[^/]*?(\d{1,9}))\/config\.json$/;

/** Finds training records in the listing of a folder. */
export function findRecords(listing: readonly ObjectInfo[]): RecordFiles {
  const paths = listing.map(({ path }) => path);
  const logs = paths.filter((path) => !path.startsWith('checkpoints/'));
  const checkpoints = paths.flatMap((path) => {
    const match = CHECKPOINT_CONFIG.exec(path);
    return match?.[1] === undefined ? [] : [{ step: Number(match[2]), path: match[1] }];
  });
  return {
    trainingJson: paths.includes(TRAINING_JSON),
    wandb: logs.filter((path) => WANDB_FILE.test(path)).slice(0, MAX_LOG_FILES),
    histories: logs.filter((path) => HISTORY_FILE.test(path)).slice(0, MAX_LOG_FILES),
    checkpoints: checkpoints.sort((a, b) => a.step - b.step).slice(0, MAX_CHECKPOINT_FOLDERS),
  };
}

/** The run id in the name of an offline run: `run-<id>.wandb`. */
export function runIdOf(path: string): string {
  return /run-([^/]+)\.wandb$/.exec(path)?.[1] ?? '';
}
