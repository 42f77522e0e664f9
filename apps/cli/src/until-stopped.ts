/** Waits for the stop of a command that serves others; the process stays up until then. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Nothing else may hold the process open: an idle pool does not.
    const held = setInterval(() => undefined, 2 ** 30);
    const end = (): void => {
      clearInterval(held);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
