import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { killProcess } from '../servers/index.js';
import { bundleWorker } from './bundle-worker.js';

const SPARE = fileURLToPath(new URL('spare-worker.js', import.meta.url));

/** Processes that are tried for one worker: on a busy machine one may not reach its server in time, and ends. */
const START_ATTEMPTS = 3;

/** The end of what a worker printed that is kept for an error, UTF-16 code units. */
const KEPT_OUTPUT = 20_000;

/** Worker processes of one fleet. For each there is a spare one, so that a killed one is replaced at once. */
export interface FleetWorkers {
  /** Those that work, by their number. */
  readonly running: readonly ChildProcess[];
  /** Ends one hard, and has another in its place, which polls when this returns. */
  replace(index: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts workers.
 *
 * @param argsOf arguments of each worker.
 */
export async function startFleetWorkers(
  argsOf: readonly (readonly string[])[],
  environment: NodeJS.ProcessEnv,
): Promise<FleetWorkers> {
  const folder = await bundleWorker();
  const program = pathToFileURL(join(folder, 'main.js')).href;
  const env = {
    ...environment,
    // As `jokbo-worker` has it.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const load = (args: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--no-incremental-marking', SPARE, program, ...args], {
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  const running: ChildProcess[] = [];
  const spares = argsOf.map(load);

  async function start(index: number, attempt = 1): Promise<void> {
    const args = argsOf[index];
    if (args === undefined) throw new RangeError(`no worker ${index}`);
    const spare = spares[index];
    const worker = spare === undefined || hasEnded(spare) ? load(args) : spare;
    running[index] = worker;
    const polling = untilPolling(worker);
    worker.stdin?.write('\n');
    try {
      await polling;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await start(index, attempt + 1);
      return;
    }
    spares[index] = load(args);
  }

  async function close(): Promise<void> {
    await Promise.all([...running, ...spares].map(killProcess));
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await Promise.all(argsOf.map((_, index) => start(index)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    running,
    close,
    async replace(index) {
      const worker = running[index];
      if (worker !== undefined) await killProcess(worker);
      await start(index);
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** @throws Error with its log where the worker ends instead. */
async function untilPolling(worker: ChildProcess): Promise<void> {
  let log = '';
  const polling = new Promise<void>((resolve) => {
    worker.stderr?.on('data', (piece: Buffer) => {
      log = (log + piece.toString()).slice(-KEPT_OUTPUT);
      if (log.includes('"state":"RUNNING"')) resolve();
    });
  });
  const ended = once(worker, 'exit').then(() => {
    throw new Error(`the worker ended: ${log}`);
  });
  ended.catch(() => undefined);
  // What is written to one that has ended is told by its end.
  worker.stdin?.on('error', () => undefined);
  await Promise.race([polling, ended]);
}
