import { FLEET_QUEUES, type WatchActivities } from '@jokbo/contracts';
import { proxyActivities } from '@temporalio/workflow';

/** As for the stages: a worker that is silent for so long is gone. */
const HEARTBEAT_TIMEOUT = '20 seconds';

/** Listings of every source, page by page; nothing is read but headers. */
const LONGEST = '1 hour';

/** Storage may be away for three quarters of an hour; the next look tries again. */
const MAX_ATTEMPTS = 50;

/** What the watcher asks workers for. */
export const watchActivities = proxyActivities<WatchActivities>({
  taskQueue: FLEET_QUEUES.cpu,
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  startToCloseTimeout: LONGEST,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: MAX_ATTEMPTS },
});
