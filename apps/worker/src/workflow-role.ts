import { fileURLToPath } from 'node:url';
import type { FleetRouting } from '@jokbo/contracts';
import type { WorkerOptions } from '@temporalio/worker';
import { gpuRoom } from './gpu-room.js';
import type { DescribeQueue } from './queue-state.js';

/** A cached workflow holds a few MB: more are replayed when they go on. */
const MAX_CACHED_WORKFLOWS = 200;

/**
 * Runs workflows. The bundle is built once, with the packages that it is made of; another one has the same workflows with
 * traces around them.
 */
export function workflowRole(
  describe: DescribeQueue,
  build: string | null,
  traced: boolean,
): Partial<WorkerOptions> {
  const routing: FleetRouting = { gpuRoom: () => gpuRoom(describe, build) };
  const bundle = traced ? '@jokbo/workflows/bundle/traced' : '@jokbo/workflows/bundle';
  return {
    workflowBundle: { codePath: fileURLToPath(import.meta.resolve(bundle)) },
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    // Workflows ask on the spot; no queue carries these.
    activities: routing,
    enableNonLocalActivities: false,
  };
}
