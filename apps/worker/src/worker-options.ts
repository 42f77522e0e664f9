import { BACKEND_CHOICES, FLEET_QUEUES, type BackendChoice, type FleetRole } from '@jokbo/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What a worker process is started with. */
export interface WorkerProcessOptions {
  readonly role: readonly FleetRole[];
  readonly work: string;
  /** What the role `gpu` computes with. */
  readonly backend: BackendChoice;
  /** Worker processes of this machine that are alike: what is not given is divided among them. */
  readonly share: number;
  readonly threads?: number;
  readonly activities?: number;
  /** GB of a model that one activity reads. */
  readonly group: number;
  /** GB that the process may hold before it takes nothing new. */
  readonly memory?: number;
  /** Version of the code, where versions are told apart. */
  readonly build?: string;
  /** Address at which Prometheus finds metrics; absent = nowhere. */
  readonly metrics?: string;
}

const MOST = 256;

/** At 0.5 GB/s half a minute, at 0.05 five minutes. */
const DEFAULT_GROUP_GB = 16;

const LARGEST_GB = 100_000;

/** The command line of `jokbo-worker`. */
export function workerCommand(run: (options: WorkerProcessOptions) => Promise<void>): Command {
  return new Command('jokbo-worker')
    .description('Serves audits on a fleet: polls Temporal for workflows, activities, or both.')
    .exitOverride()
    .addOption(
      new Option('--role <roles>', 'what it serves, separated by commas: workflow, cpu, gpu')
        .argParser(roles)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--work <dir>', 'folder or s3:// prefix that all workers share')
        .env('JOKBO_WORK')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--backend <backend>', 'of the role gpu; auto: TensorFlow where it has a GPU, else WASM')
        .env('JOKBO_BACKEND')
        .choices(BACKEND_CHOICES)
        .default('auto'),
    )
    .addOption(
      new Option('--share <n>', 'worker processes of this machine that are alike, which divide it')
        .env('JOKBO_SHARE')
        .argParser(wholeNumber)
        .default(1),
    )
    .addOption(
      new Option('--threads <n>', 'threads that compute (default: its share of the cores)')
        .env('JOKBO_THREADS')
        .argParser(wholeNumber),
    )
    .addOption(
      new Option(
        '--activities <n>',
        'activities in flight (default: two per thread; of the role gpu two)',
      ).argParser(wholeNumber),
    )
    .addOption(
      new Option('--group <GB>', 'of a model that one activity reads: half a minute to five minutes of work')
        .env('JOKBO_GROUP')
        .argParser(size)
        .default(DEFAULT_GROUP_GB),
    )
    .addOption(
      new Option(
        '--memory <GB>',
        'that the process may hold before it takes nothing new (default: its share of four fifths)',
      )
        .env('JOKBO_MEMORY')
        .argParser(size),
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
  AWS_*, JOKBO_S3_*, HF_ENDPOINT, HF_TOKEN                                as for jokbo
  JOKBO_TENSORFLOW                                                        where TensorFlow is, for the role gpu

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

function buildId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be letters, digits, dots and dashes, at most 100.');
}
