import { availableParallelism, totalmem } from 'node:os';
import { FLEET_QUEUES, type FleetRole } from '@jokbo/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What a worker process is started with. */
export interface WorkerProcessOptions {
  readonly role: readonly FleetRole[];
  readonly work: string;
  readonly threads?: number;
  readonly activities: number;
  /** GB of a model that one activity reads. */
  readonly group: number;
  /** GB that the process may hold before it takes nothing new. */
  readonly memory: number;
  /** Version of the code, where versions are told apart. */
  readonly build?: string;
  /** Address at which Prometheus finds metrics; absent = nowhere. */
  readonly metrics?: string;
}

/** Activities in flight per thread: one computes while another reads. */
const ACTIVITIES_PER_THREAD = 2;

const MOST = 256;

/** At 0.5 GB/s half a minute, at 0.05 five minutes. */
const DEFAULT_GROUP_GB = 16;

const LARGEST_GB = 100_000;

/** Share of the memory of the machine, or of the container, that a process takes by default. */
const MEMORY_SHARE = 0.8;

const GB = 1e9;

/** The command line of `jokbo-worker`. */
export function workerCommand(run: (options: WorkerProcessOptions) => Promise<void>): Command {
  return new Command('jokbo-worker')
    .description('Serves audits on a fleet: polls Temporal for workflows, activities, or both.')
    .exitOverride()
    .addOption(
      new Option('--role <roles>', 'what it serves, separated by commas: workflow, cpu')
        .argParser(roles)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--work <dir>', 'folder or s3:// prefix that all workers share')
        .env('JOKBO_WORK')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--threads <n>', 'threads that compute (default: all cores)')
        .env('JOKBO_THREADS')
        .argParser(wholeNumber),
    )
    .addOption(
      new Option('--activities <n>', 'activities in flight')
        .argParser(wholeNumber)
        .default(availableParallelism() * ACTIVITIES_PER_THREAD),
    )
    .addOption(
      new Option('--group <GB>', 'of a model that one activity reads: half a minute to five minutes of work')
        .env('JOKBO_GROUP')
        .argParser(size)
        .default(DEFAULT_GROUP_GB),
    )
    .addOption(
      new Option('--memory <GB>', 'that the process may hold before it takes nothing new')
        .env('JOKBO_MEMORY')
        .argParser(size)
        .default(defaultMemory()),
    )
    .addOption(
      new Option('--build <id>', 'version of the code: an audit ends on the version on which it started')
        .env('JOKBO_BUILD')
        .argParser(buildId),
    )
    .addOption(new Option('--metrics <host:port>', 'where Prometheus finds metrics').env('JOKBO_METRICS'))
    .addHelpText(
      'after',
      `
Environment:
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_…   the server
  DATABASE_URL                                                            Postgres for results
  AWS_*, JOKBO_S3_*                                                       as for jokbo

Example:
  jokbo-worker --role workflow,cpu --work s3://programme/work`,
    )
    .action(run);
}

function roles(text: string): FleetRole[] {
  const names = Object.keys(FLEET_QUEUES) as FleetRole[];
  return text.split(',').map((word) => {
    const role = names.find((name) => name === word);
    if (role === undefined) throw new InvalidArgumentError(`A role is one of ${names.join(', ')}.`);
    return role;
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MOST) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST}.`);
}

function size(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= LARGEST_GB) return value;
  throw new InvalidArgumentError(`It must be a number above 0 and up to ${LARGEST_GB}.`);
}

/** GB of most of what the process may have. */
function defaultMemory(): number {
  // A process without a limit of its own is told 0, or more than there is.
  const limit = process.constrainedMemory() || Infinity;
  return Math.round((Math.min(limit, totalmem()) * MEMORY_SHARE) / GB);
}

function buildId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be letters, digits, dots and dashes, at most 100.');
}
