import { UsageError } from '@jokbo/contracts';
import {
  MAX_SOCKETS,
  REQUEST_TIMEOUT_MS,
  RETRIES,
  SOCKET_TIMEOUT_MS,
  type StoreOptions,
} from './store-options.js';

/** How requests to S3 are repeated and given up. */
export interface S3Settings {
  readonly retries: number;
  readonly requestTimeoutMs: number;
  readonly socketTimeoutMs: number;
  readonly maxSockets: number;
}

/** One setting of the environment: a whole number. */
export interface S3Variable {
  readonly name: string;
  readonly setting: keyof S3Settings;
  readonly standard: number;
  readonly least: number;
  readonly most: number;
}

/** Ten minutes, in milliseconds: whoever waits longer for one answer waits for a service that is down. */
const LONGEST_TIMEOUT_MS = 600_000;

/** Settings of the environment, in the order in which they are shown. */
export const S3_VARIABLES: readonly S3Variable[] = [
  // Pauses grow to five seconds: a hundred attempts last some eight minutes.
  { name: 'JOKBO_S3_RETRIES', setting: 'retries', standard: RETRIES, least: 0, most: 100 },
  {
    name: 'JOKBO_S3_REQUEST_TIMEOUT_MS',
    setting: 'requestTimeoutMs',
    standard: REQUEST_TIMEOUT_MS,
    least: 1,
    most: LONGEST_TIMEOUT_MS,
  },
  {
    name: 'JOKBO_S3_SOCKET_TIMEOUT_MS',
    setting: 'socketTimeoutMs',
    standard: SOCKET_TIMEOUT_MS,
    least: 1,
    most: LONGEST_TIMEOUT_MS,
  },
  // The usual limit of open files is 1,024.
  { name: 'JOKBO_S3_CONNECTIONS', setting: 'maxSockets', standard: MAX_SOCKETS, least: 1, most: 1000 },
];

/**
 * The settings that hold: what the caller says, then the environment, then the standard value.
 *
 * @throws UsageError when a variable is not a whole number within its bounds.
 */
export function s3Settings(
  options: StoreOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): S3Settings {
  const told = Object.fromEntries(
    S3_VARIABLES.map((variable) => [variable.setting, numberOf(variable, environment[variable.name] ?? '')]),
  ) as Record<keyof S3Settings, number>;
  return {
    retries: options.retries ?? told.retries,
    requestTimeoutMs: options.requestTimeoutMs ?? told.requestTimeoutMs,
    socketTimeoutMs: options.socketTimeoutMs ?? told.socketTimeoutMs,
    maxSockets: options.s3?.maxSockets ?? told.maxSockets,
  };
}

function numberOf({ name, standard, least, most }: S3Variable, text: string): number {
  if (text === '') return standard;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} must be a whole number from ${least} to ${most}`, {
    object: name,
    value: text,
  });
}
