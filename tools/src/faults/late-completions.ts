import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET_QUEUES } from '@jokbo/contracts';
import { defaultPayloadConverter, isGrpcServiceError, type Client } from '@temporalio/client';
import { SILENT_MS, type Scenario } from './scenario.js';
import { isRunning } from './watch-audit.js';

/** Activities that the worker takes away from the others. */
const TAKEN = 3;

/** Milliseconds of one poll for an activity. */
const POLL_MS = 2_000;

/** Milliseconds that are polled for at most. */
const POLLS_MS = 30_000;

/** Status of gRPC: there is no such attempt any more. */
const NOT_FOUND = '5';

const IDENTITY = 'late worker';

/**
 * A worker takes activities and is silent until they are given up. Then it completes each by its token, with a result that
 * is not theirs, and once more after the audit: the server must refuse both, or the result would be another.
 */
export const LATE_BY_TOKEN: Scenario = {
  name: 'activities completed by token after they were given up, with other results, each twice',
  fails: null,
  async run({ fleet, ended }) {
    const { client } = fleet;
    const audit = await fleet.audit();
    const tokens: Uint8Array[] = [];
    const deadline = performance.now() + POLLS_MS;
    while (tokens.length < TAKEN && performance.now() < deadline && (await isRunning(audit))) {
      const token = await takeActivity(client);
      if (token !== null) tokens.push(token);
    }
    await sleep(SILENT_MS);
    const late = await Promise.all(tokens.map((token) => completeActivity(client, token)));
    const end = await ended(audit);
    const twice = await Promise.all(tokens.map((token) => completeActivity(client, token)));
    const accepted = [...late, ...twice].filter((taken) => taken).length;
    const errors = accepted === 0 ? [] : [`${accepted} late completions were accepted`];
    return { faults: 2 * tokens.length, errors, end };
  },
};

/** The token of an activity that was given to this worker; null where none was in time. */
async function takeActivity(client: Client): Promise<Uint8Array | null> {
  const { workflowService } = client.connection;
  const { namespace } = client.options;
  try {
    const { taskToken } = await client.withDeadline(Date.now() + POLL_MS, () =>
      workflowService.pollActivityTaskQueue({
        ...{ namespace, identity: IDENTITY, taskQueue: { name: FLEET_QUEUES.cpu } },
      }),
    );
    return taskToken.length === 0 ? null : taskToken;
  } catch (error) {
    if (isGrpcServiceError(error)) return null;
    throw error;
  }
}

/** @returns whether the server took it. */
async function completeActivity(client: Client, taskToken: Uint8Array): Promise<boolean> {
  try {
    await client.connection.workflowService.respondActivityTaskCompleted({
      ...{ namespace: client.options.namespace, identity: IDENTITY, taskToken },
      result: { payloads: [defaultPayloadConverter.toPayload({ evidence: 'of another comparison' })] },
    });
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && String(error.code) === NOT_FOUND) return false;
    throw error;
  }
}
