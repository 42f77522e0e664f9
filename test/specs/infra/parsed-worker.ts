import { workerCommand, type WorkerProcessOptions } from '@jokbo/worker';

/** What a worker reads from its arguments; it refuses those that it does not know. */
export async function parsedWorker(args: readonly string[]): Promise<WorkerProcessOptions> {
  const parsed: WorkerProcessOptions[] = [];
  const command = workerCommand((options) => {
    parsed.push(options);
    return Promise.resolve();
  }).configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  const [options] = parsed;
  if (options === undefined) throw new Error('the worker was not started');
  return options;
}
