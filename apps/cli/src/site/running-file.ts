import type { Stage } from '@jokbo/contracts';

/** Folder below a work folder in which audits say how far they are. */
export const RUNNING_FOLDER = 'running';

/** How far an audit is, as it was written; times are Unix milliseconds. */
export interface RunningFile {
  readonly programme: string;
  readonly started_ms: number;
  readonly written_ms: number;
  readonly stages: readonly {
    readonly stage: Stage;
    readonly expected: number;
    readonly done: number;
    readonly read_bytes: number;
    /** When work of the stage was first known of. */
    readonly since_ms: number;
  }[];
  /** What was read in the last seconds. */
  readonly recent: readonly { readonly at_ms: number; readonly bytes: number }[];
}
