import { randomUUID } from 'node:crypto';
import { AccessDenied, ObjectMissing } from '@jokbo/contracts';
import { openStore, S3_VARIABLES, s3Settings } from '@jokbo/storage';
import { checked, type Check } from './check.js';

/** Settings that say that S3 is meant to be used. */
const SIGNS = [
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  ...S3_VARIABLES.map(({ name }) => name),
];

/** Long enough for a service on another continent; a check is not to take the time of an audit. */
const TIMEOUT_MS = 5_000;

/**
 * Asks the S3 service for a bucket that does not exist: an answer that says so proves endpoint and credentials.
 * Names the settings that an audit would use.
 *
 * @returns null where nothing of S3 is set: then nothing is contacted.
 */
export async function checkS3(): Promise<Check | null> {
  const set = SIGNS.filter((name) => (process.env[name] ?? '') !== '');
  if (set.length === 0) return null;
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'] ?? 'AWS';
  return checked('s3', async () => {
    const settings = s3Settings();
    const used = S3_VARIABLES.map(({ name, setting }) => `${name}=${settings[setting]}`).join(' ');
    const store = openStore(`s3://jokbo-doctor-${randomUUID()}`, {
      retries: 1,
      requestTimeoutMs: TIMEOUT_MS,
      socketTimeoutMs: TIMEOUT_MS,
    });
    try {
      await store.list();
    } catch (error) {
      if (error instanceof AccessDenied && error.value === 'AccessDenied') {
        return {
          status: 'warn',
          detail: `${endpoint} answers; whether these credentials do, a bucket will show; ${used}`,
        };
      }
      if (!(error instanceof ObjectMissing)) throw error;
    } finally {
      await store.close();
    }
    return { status: 'ok', detail: `${endpoint} answers and accepts the credentials; ${used}` };
  });
}
