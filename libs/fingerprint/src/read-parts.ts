import { setMaxListeners } from 'node:events';
import type { ObjectStore } from '@jokbo/contracts';
import type { FingerprintOptions } from './fingerprint-checkpoint.js';
import { decodePartial, partialPieces, type PartialWithSamples } from './partial.js';
import type { KeyedTask } from './plan-fingerprint.js';
import type { PartStore } from './stored-fingerprint.js';
import type { TaskRunner } from './task-runner.js';

/**
 * Runs tasks and keeps the result of each; one whose result is kept already is not run again.
 *
 * @returns the results in the order of the tasks.
 */
export async function readParts(
  tasks: readonly KeyedTask[],
  store: ObjectStore,
  runner: TaskRunner,
  parts: PartStore,
  options: Pick<FingerprintOptions, 'signal' | 'onTask'>,
): Promise<PartialWithSamples[]> {
  const controller = new AbortController();
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
  // Every task in flight listens; Node warns of more than ten.
  setMaxListeners(0, signal);
  const partials = await Promise.allSettled(
    tasks.map(async (keyed): Promise<PartialWithSamples> => {
      try {
        const { partial, read } = await partialOf(keyed, store, runner, parts, signal);
        options.onTask?.(keyed.task, read);
        return partial;
      } catch (error) {
        controller.abort(error);
        throw error;
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (controller.signal.aborted) throw controller.signal.reason;
  return partials.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function partialOf(
  { task, key }: KeyedTask,
  store: ObjectStore,
  runner: TaskRunner,
  parts: PartStore,
  signal: AbortSignal,
): Promise<{ partial: PartialWithSamples; read: boolean }> {
  const known = await parts.get(key);
  if (known !== null) return { partial: decodePartial(known, `${store.uri}/${task.file}`), read: false };
  signal.throwIfAborted();
  const partial = await runner.run(task, store, signal);
  await parts.put(key, partialPieces(partial));
  return { partial, read: true };
}
