import type { BackendChoice, FleetActivities, Stage, WatchActivities } from '@jokbo/contracts';
import type { ErrorMessage } from '@jokbo/fingerprint';

export type ActivityName = keyof FleetActivities | keyof WatchActivities;

/** What the thread that runs activities is started with. */
export interface ThreadOptions {
  /** Folder or `s3://` prefix of everything that is kept. */
  readonly work: string;
  /** Threads that compute. */
  readonly threads?: number | undefined;
  /** Bytes of a model that one activity reads. */
  readonly groupBytes?: number | undefined;
  /** What computes. @default 'wasm' */
  readonly backend?: BackendChoice | undefined;
}

/** What that thread is told. Calls are told apart by their number. */
export type ThreadRequest =
  | { readonly call: number; readonly name: ActivityName; readonly args: readonly unknown[] }
  | { readonly call: number; readonly abort: true };

/** What it answers. */
export type ThreadAnswer =
  | { readonly call: number; readonly result: unknown }
  | { readonly call: number; readonly error: ErrorMessage }
  | { readonly call: number; readonly expected: readonly [stage: Stage, items: number] }
  | { readonly call: number; readonly advanced: readonly [stage: Stage, items: number, read: number] }
  | { readonly note: string };
