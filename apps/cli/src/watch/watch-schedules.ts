import { sha256, type WatchedProgramme } from '@jokbo/activities';
import { FLEET_QUEUES, WATCH_WORKFLOW, type WatchRequest } from '@jokbo/contracts';
import { joinUri } from '@jokbo/storage';

/** Letters of the digest of a programme's place that tell its schedules apart. */
const ID_LENGTH = 16;

export type WatchTask = WatchRequest['task'];

export const WATCH_TASKS: readonly WatchTask[] = ['releases', 'again'];

/** A schedule as the programme file wants it: all that is to be the same on the fleet. Times in milliseconds. */
export interface WatchSchedule {
  readonly every: number;
  readonly jitter: number;
  /** Looks are skipped while one runs; an audit that is due meanwhile follows, once. */
  readonly overlap: 'SKIP' | 'BUFFER_ONE';
  readonly catchupWindow: number;
  /** A look fails where the programme or its storage is wrong: looking again would not help. */
  readonly pauseOnFailure: boolean;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly request: WatchRequest;
}

/** The id below which all of a programme's watching lies, by where the programme lies. */
export function watchId(programme: string): string {
  return `watch/${sha256(joinUri(programme, '')).slice(0, ID_LENGTH)}`;
}

export function scheduleId(programme: string, task: WatchTask): string {
  return `${watchId(programme)}/${task}`;
}

/** The schedule of a task; null where the programme wants none. */
export function watchSchedule({ uri, watch }: WatchedProgramme, task: WatchTask): WatchSchedule | null {
  const every = task === 'releases' ? watch.every : watch.again;
  if (every === null) return null;
  return {
    every,
    jitter: watch.jitter,
    overlap: task === 'releases' ? 'SKIP' : 'BUFFER_ONE',
    catchupWindow: watch.catchUp,
    pauseOnFailure: task === 'releases',
    workflowType: WATCH_WORKFLOW,
    taskQueue: FLEET_QUEUES.workflow,
    request: { programme: uri, watch: watchId(uri), task },
  };
}
