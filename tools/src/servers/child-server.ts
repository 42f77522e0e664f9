import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** Milliseconds that a server has to end by itself. */
const GRACE_MS = 5_000;

/** The end of what a server printed that is kept for an error, UTF-16 code units. */
const KEPT_OUTPUT = 4_000;

/** A server that runs as a child of this process. */
export interface ChildServer {
  readonly process: ChildProcess;
  /** @throws Error with what it printed, once it has ended. */
  throwIfEnded(): void;
  /** Asks it to end, and makes it end where it does not. */
  close(): Promise<void>;
}

export function startChildServer(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildServer {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (piece: Buffer): void => {
    output = (output + piece.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let failure: Error | null = null;
  child.on('error', (error) => (failure = error));
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    throwIfEnded() {
      if (failure !== null) throw failure;
      if (ended()) throw new Error(`${program} ended: ${output.trim()}`);
    },
    async close() {
      if (failure !== null || ended()) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exit;
      clearTimeout(deadline);
    },
  };
}

/** A port of the loopback interface that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
