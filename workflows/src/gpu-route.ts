import type { FleetRole, FleetRouting, PlannedComparison } from '@jokbo/contracts';
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow';

/** Milliseconds that a comparison waits for a worker with a GPU before those without one have it. */
export const GPU_WAIT_MS = 180_000;

/** How the comparisons of a batch use GPUs; a batch without it uses none. */
export interface GpuUse {
  /** Milliseconds that a comparison waits for a GPU. */
  readonly wait: number;
}

/** The queues that serve comparisons. */
export type ComputingRole = Exclude<FleetRole, 'workflow'>;

/** Where the comparisons of a batch are made. */
export interface GpuRoute {
  /** @param make makes the comparison on a queue; it is made again on that of CPUs where GPUs do not answer. */
  run<R>(comparison: PlannedComparison, make: (role: ComputingRole) => Promise<R>): Promise<R>;
}

/** It answers from what the server has in memory. */
const ASKING = { startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 2 } } as const;

/**
 * Sends the comparisons of a batch to workers with GPUs, as many as these could begin soon, and the others to those with
 * CPUs. Who polls is asked once per batch, by a worker of workflows on the spot, so that its answer is in the history; a
 * comparison that no GPU begins in time goes to CPUs, and so does all that the batch starts from then on: workers that are
 * gone are waited for once, however many comparisons there are.
 */
export async function openGpuRoute(
  use: GpuUse | undefined,
  comparisons: readonly PlannedComparison[],
): Promise<GpuRoute> {
  let room = use !== undefined && comparisons.some(gainsFromGpu) ? await askRoom() : 0;
  let there = 0;
  return {
    async run(comparison, make) {
      if (there >= room || !gainsFromGpu(comparison)) return make('cpu');
      there += 1;
      try {
        return await make('gpu');
      } catch (error) {
        if (!leavesCpu(error)) throw error;
        if (isLate(error)) room = 0;
      } finally {
        there -= 1;
      }
      return make('cpu');
    },
  };
}

/** Self-tests multiply nothing on a backend; what is to be f64 needs WASM. */
function gainsFromGpu({ kind, numericClass }: PlannedComparison): boolean {
  return kind !== 'self' && numericClass === undefined;
}

/** 0 where it cannot be told: CPUs measure everything. */
async function askRoom(): Promise<number> {
  try {
    return await proxyLocalActivities<FleetRouting>(ASKING).gpuRoom();
  } catch (error) {
    // What is no failure of an activity is a mistake, which is mended and tried again.
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return 0;
  }
}

/** Whether a worker without a GPU may do what one with a GPU did not: not where its input is at fault. */
function leavesCpu(error: unknown): boolean {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return false;
  const { cause } = error;
  // Out of device memory, a broken driver: the fault of that machine.
  return !(cause instanceof ApplicationFailure) || !cause.nonRetryable || cause.type === 'KernelFailed';
}

function isLate(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}
