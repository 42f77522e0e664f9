/** Resolves when a user or a supervisor ends this process. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

export function say(line: string): void {
  process.stderr.write(`jokbo: ${line}\n`);
}
