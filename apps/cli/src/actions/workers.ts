import { visibleText, withEscapes } from '@jokbo/report';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { withFleet } from '../fleet/connect-fleet.js';
import { describeQueues, type QueueState } from '../fleet/describe-queues.js';
import { useBuild } from '../fleet/use-build.js';
import { writeText } from '../terminal/write-text.js';

/** Longest name of a worker that is shown, UTF-16 code units. */
const LONGEST_NAME = 200;

export interface WorkersOptions {
  readonly format: 'table' | 'json';
  /** Build on which new audits start. */
  readonly use?: string;
}

/** Shows who serves the queues of the fleet; first makes new audits start on one build, where one is named. */
export async function workers(context: CommandContext, options: WorkersOptions): Promise<number> {
  const queues = await withFleet(async (client) => {
    if (options.use !== undefined) await useBuild(client, options.use);
    return describeQueues(client);
  });
  const text =
    options.format === 'json'
      ? `${withEscapes(JSON.stringify(queues, null, 2))}\n`
      : queues.map(queueLines).join('');
  await writeText(context.host.stdout, text);
  return EXIT.clean;
}

function queueLines({ queue, workers: pollers, waiting, lag }: QueueState): string {
  const served = pollers.length === 0 ? 'no worker' : `${pollers.length} workers`;
  const backlog =
    waiting === null ? '' : `, ${waiting} waiting${lag === null ? '' : ` for up to ${lag.toFixed(1)} s`}`;
  const lines = pollers.map(
    ({ worker, build, seen }) =>
      `  ${visibleText(worker, LONGEST_NAME)}${build === null ? '' : `, build ${visibleText(build, LONGEST_NAME)}`}` +
      `${seen === null ? '' : `, seen ${seen}`}\n`,
  );
  return [`${queue}: ${served}${backlog}\n`, ...lines].join('');
}
