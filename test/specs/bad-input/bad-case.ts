/** Errors by class name, as stderr shows them. */
export type ErrorName =
  | 'AccessDenied'
  | 'DatabaseUnavailable'
  | 'DigestMismatch'
  | 'MalformedCheckpoint'
  | 'ObjectChanged'
  | 'ObjectMissing'
  | 'StorageFull'
  | 'StorageUnavailable'
  | 'UnsupportedArchitecture'
  | 'UnsupportedDtype'
  | 'UsageError';

/** One bad input, and what `jokbo` must say of it. */
export interface BadCase {
  readonly name: string;
  /** Makes the input in an empty folder and says how `jokbo` is called. */
  readonly arrange: (dir: string) => Arranged | Promise<Arranged>;
  readonly exit: 2 | 3;
  readonly error: ErrorName;
  /** Of a MalformedCheckpoint: the rule that is broken. */
  readonly rule?: string;
  /** Object, tensor and value that the message must name. */
  readonly mentions: readonly string[];
}

export interface Arranged {
  readonly argv: readonly string[];
  /** The folder whose `rule` is checked; absent = the case has no rule. */
  readonly source?: string;
  /** Environment of the run, on top of that of the test. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Largest file that a process of its own can write, in KiB. */
  readonly fileKilobytes?: number;
  /** Ends what was started, and looks at what the run left. */
  readonly after?: () => void | Promise<void>;
}
