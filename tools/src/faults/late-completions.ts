import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET_QUEUES } from '@jokbo/contracts';
import { defaultPayloadConverter, isGrpcServiceError, type Client } from '@temporalio/client';
import { SILENT_MS, type Scenario } from './scenario.js';
import { isRunning } from './watch-audit.js';

/** Activities that the worker takes away from the others at most. */
const TAKEN = 3;

/** Milliseconds of one poll for an activity: the server refuses such of two seconds. */
const POLL_MS = 10_000;

/** Status of gRPC: there is no such attempt any more. */
const NOT_FOUND = '5';

/** Status of gRPC: nothing was to be done meanwhile. */
const DEADLINE_EXCEEDED = '4';

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
    while (tokens.length === 0 && (await isRunning(audit))) {
      const taken = await Promise.all(Array.from({ length: TAKEN }, () => takeActivity(client)));
      tokens.push(...taken.filter((token) => token !== null));
    }
    await sleep(SILENT_MS);
    const late = await Promise.all(tokens.map((token) => completeActivity(client, token)));
    const end = await ended(audit);
    const twice = await Promise.all(tokens.map((token) => completeActivity(client, token)));
    const accepted = [...late, ...twice].filter((taken) => taken).length;
    const errors = [
      ...(accepted === 0 ? [] : [`${accepted} late completions were accepted`]),
      ...(tokens.length === 0 ? ['no activity was taken'] : []),
    ];
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
    if (isGrpcServiceError(error) && String(error.code) === DEADLINE_EXCEEDED) return null;
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
