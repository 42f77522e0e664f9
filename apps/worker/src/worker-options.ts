import { availableParallelism } from 'node:os';
import { FLEET_QUEUES, type FleetRole } from '@jokbo/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What a worker process is started with. */
export interface WorkerProcessOptions {
  readonly role: readonly FleetRole[];
  readonly work: string;
  readonly threads?: number;
  readonly activities: number;
  /** Address at which Prometheus finds metrics; absent = nowhere. */
  readonly metrics?: string;
}

/** Activities in flight per thread: one computes while another reads. */
const ACTIVITIES_PER_THREAD = 2;

const MOST = 256;

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
