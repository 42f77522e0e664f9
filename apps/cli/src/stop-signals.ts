import { setMaxListeners } from 'node:events';

/** A user or a supervisor ended the run. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(
    readonly signal: 'SIGINT' | 'SIGTERM',
    /** What a shell reports: 128 + the number of the signal. */
    readonly exitCode: number,
  ) {
    super(`stopped by ${signal}; finished parts are kept, and the same command goes on from there`);
  }
}

/** Milliseconds that a run has to come to an end by itself after a signal. */
const GRACE_MS = 5_000;

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Leaves the signals to Node again. */
  close(): void;
}

/**
 * Turns SIGINT and SIGTERM into an abort. A second signal, or a run that does not end within the grace, exits
 * at once: every file is written beside its name and renamed, so none is ever half there.
 */
export function listenForStop(): StopSignals {
  const controller = new AbortController();
  // Every read and comparison in flight listens; Node warns of more than ten.
  setMaxListeners(0, controller.signal);
  let deadline: NodeJS.Timeout | undefined;
  const stopBy = (reason: Stopped) => (): void => {
    if (controller.signal.aborted) process.exit(reason.exitCode);
    controller.abort(reason);
    deadline = setTimeout(() => process.exit(reason.exitCode), GRACE_MS);
    deadline.unref();
  };
  const onInterrupt = stopBy(new Stopped('SIGINT', 130));
  const onTerminate = stopBy(new Stopped('SIGTERM', 143));
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    close() {
      clearTimeout(deadline);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
