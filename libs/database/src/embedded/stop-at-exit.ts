import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PRESENCE_LOCK } from './server-presence.js';
import { serverEnvironment } from './run-command.js';

/** Plain JavaScript, so that it runs from `src` and from `dist` alike. */
const STOPPER = fileURLToPath(new URL('../../bin/stop-unused-server.js', import.meta.url));

/**
 * Sees to it that a server is stopped when this process ends without closing it: by `process.exit`, an error, the
 * end of its work, or SIGINT, SIGTERM or SIGHUP. A small process of its own then waits for the end of this one
 * and stops the server if no other process uses it. A signal that the program handles itself is left to it.
 *
 * @param stop command that stops the server.
 * @returns the function that calls it off.
 */
export function stopAtExit(url: string, stop: readonly string[]): () => void {
  let started = false;
  const startStopper = (): void => {
    if (started) return;
    started = true;
    const job = JSON.stringify({ url, stop, lock: PRESENCE_LOCK, parent: process.pid });
    spawn(process.execPath, [STOPPER], {
      detached: true,
      stdio: 'ignore',
      env: { ...serverEnvironment(), JOKBO_UNUSED_SERVER: job },
    }).unref();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    process.off(signal, onSignal);
    if (process.listenerCount(signal) > 0) {
      // The program closes the server itself, or exits; a second signal finds this handler again.
      setImmediate(() => {
        if (!calledOff) process.prependListener(signal, onSignal);
      });
      return;
    }
    startStopper();
    process.kill(process.pid, signal);
  };
  let calledOff = false;
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  process.on('exit', startStopper);
  // First in line: a handler of the program that listens `once` is counted only before it has run.
  for (const signal of signals) process.prependListener(signal, onSignal);
  return () => {
    calledOff = true;
    process.off('exit', startStopper);
    for (const signal of signals) process.off(signal, onSignal);
  };
}
