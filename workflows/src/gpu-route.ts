import type { FleetRole, FleetRouting, PlannedComparison } from '@jokbo/contracts';
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import { RemoteFailure } from './remote-failure.js';

/** Milliseconds that a comparison waits for a worker with a GPU before those without one have it. */
export const GPU_WAIT_MS = 180_000;

/** How the comparisons of a batch use GPUs; a batch without it uses none. */
export interface GpuUse {
  /** Milliseconds that a comparison waits for a GPU. */
  readonly wait: number;
  /** Whether GPUs alone may measure: a comparison waits for one however long. */
  readonly only?: true;
}

/** The queues that serve comparisons. */
export type ComputingRole = Exclude<FleetRole, 'workflow'>;

/** Where the comparisons of a batch are made. */
export interface GpuRoute {
  /** Tells of the shares of a comparison over all elements before any of them is made. */
  expect(shares: readonly PlannedComparison[]): void;
  /** @param make makes the comparison on a queue; it is made again on that of CPUs where GPUs do not answer. */
  run<R>(comparison: PlannedComparison, make: (role: ComputingRole) => Promise<R>): Promise<R>;
}

/** It answers from what the server has in memory. */
const ASKING = { startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 2 } } as const;

/**
 * A component in groups goes to GPUs where all that is promised to them are so many rounds of what they could begin soon: what
 * waits for them here keeps nobody else from working.
 */
const ROUNDS = 4;

/** A component in groups, all of which are measured by one role. */
interface GroupedComponent {
  readonly groups: number;
  role: ComputingRole | null;
}

/**
 * Sends the comparisons of a batch to workers with GPUs, as many as these could begin soon, and the others to those with
 * CPUs. Who polls is asked once per batch, by a worker of workflows on the spot, so that its answer is in the history; a
 * comparison that no GPU begins in time goes to CPUs, and so does all that the batch starts from then on: workers that are
 * gone are waited for once, however many comparisons there are. The groups of a component go one way, with the component
 * that is measured of them.
 *
 * @param ask how many comparisons GPUs could begin soon.
 */
export async function openGpuRoute(
  use: GpuUse | undefined,
  comparisons: readonly PlannedComparison[],
  ask: () => Promise<number> = askRoom,
): Promise<GpuRoute> {
  const only = use?.only === true;
  let room = use !== undefined && !only && comparisons.some(gainsFromGpu) ? await ask() : 0;
  /** Comparisons that GPUs have, and groups that are promised to them beside these. */
  let [there, promised] = [0, 0];
  let waiting: (() => void)[] = [];
  const components = new Map<string, GroupedComponent>();

  const changed = (): void => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };

  /** @throws what leaves it to CPUs, after which all that comes later is theirs where a GPU was late. */
  async function onGpu<R>(make: (role: ComputingRole) => Promise<R>): Promise<R> {
    there += 1;
    try {
      return await make('gpu');
    } catch (error) {
      if (isLate(error)) room = 0;
      throw error;
    } finally {
      there -= 1;
      changed();
    }
  }

  async function runGrouped<R>(
    component: GroupedComponent,
    { group, numericClass }: PlannedComparison,
    make: (role: ComputingRole) => Promise<R>,
  ): Promise<R> {
    if (component.role === null) {
      const fits = there + promised + component.groups <= ROUNDS * room;
      component.role = fits ? 'gpu' : 'cpu';
      if (fits) promised += component.groups;
    }
    const isOver = (): boolean => room === 0 || component.role === 'cpu';
    while (!isOver() && there >= room) await new Promise<void>((resolve) => waiting.push(resolve));
    if (group !== undefined && promised > 0) promised -= 1;
    try {
      if (!isOver()) return await onGpu(make);
    } catch (error) {
      if (!leavesCpu(error)) throw error;
    }
    component.role = 'cpu';
    changed();
    if (numericClass !== undefined) throw unavailable();
    return make('cpu');
  }

  return {
    expect(shares) {
      for (const share of shares) {
        if (share.group === undefined) continue;
        const name = componentName(share);
        components.set(name, { groups: (components.get(name)?.groups ?? 0) + 1, role: null });
      }
    },
    async run(comparison, make) {
      if (!gainsFromGpu(comparison)) return make('cpu');
      if (only) return make('gpu');
      const component = components.get(componentName(comparison));
      if (component !== undefined) return runGrouped(component, comparison, make);
      if (there >= room) return make('cpu');
      try {
        return await onGpu(make);
      } catch (error) {
        if (!leavesCpu(error)) throw error;
      }
      return make('cpu');
    },
  };
}

/** Self-tests multiply nothing on a backend; what is to be f64 needs WASM. */
export function gainsFromGpu({ kind, numericClass }: PlannedComparison): boolean {
  return kind !== 'self' && numericClass !== 'f64';
}

function componentName({ kind, subject, reference, component }: PlannedComparison): string {
  return JSON.stringify([kind, subject, reference, component ?? null]);
}

/** What was begun on GPUs and cannot be ended there is to be measured anew by CPUs. */
function unavailable(): RemoteFailure {
  const message = 'no worker with a GPU ends what others began';
  return new RemoteFailure({ type: 'ClassUnavailable', message, details: [] });
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
