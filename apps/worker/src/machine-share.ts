import { availableParallelism, totalmem } from 'node:os';

/** What a worker process is told of what it may take; what it is not told follows from its share of the machine. */
export interface ShareOptions {
  /** Worker processes of this machine that are alike. */
  readonly share: number;
  readonly threads?: number | undefined;
  readonly activities?: number | undefined;
  /** GB. */
  readonly memory?: number | undefined;
}

/** What a worker process takes of its machine. */
export interface MachineShare {
  /** Threads that compute. */
  readonly threads: number;
  /** Most activities in flight, by role. */
  readonly activities: { readonly cpu: number; readonly gpu: number };
  /** Bytes that the process may hold before it takes nothing new. */
  readonly memory: number;
}

export interface Machine {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/** Activities in flight per thread: one computes while another reads. */
const ACTIVITIES_PER_THREAD = 2;

/** On a GPU one computes while another uploads. */
const GPU_ACTIVITIES = 2;

/** Share of the memory of the machine, or of the container, that all processes together take by default. */
const MEMORY_SHARE = 0.8;

const GB = 1e9;

/**
 * Divides a machine among worker processes that are alike: of `share` processes each takes an equal part of cores and
 * memory, at least one thread. What a process is told to take it takes.
 */
export function machineShare(options: ShareOptions, machine: Machine = thisMachine()): MachineShare {
  const { share, activities } = options;
  const threads = options.threads ?? Math.max(1, Math.floor(machine.cores / share));
  return {
    threads,
    activities: {
      cpu: activities ?? threads * ACTIVITIES_PER_THREAD,
      gpu: activities ?? GPU_ACTIVITIES,
    },
    memory: options.memory === undefined ? (machine.memory * MEMORY_SHARE) / share : options.memory * GB,
  };
}

function thisMachine(): Machine {
  // A process without a limit of its own is told 0, or more than there is.
  const limit = process.constrainedMemory() || Infinity;
  return { cores: availableParallelism(), memory: Math.min(limit, totalmem()) };
}
