import {
  AccessDenied,
  JokboError,
  ObjectChanged,
  ObjectMissing,
  StorageFull,
  StorageUnavailable,
  UsageError,
} from '@jokbo/contracts';
import { systemCode } from './file-errors.js';

/** The service answered, but not what was asked for; asking again may help. */
export class WrongAnswer extends Error {}

/** What an S3 request was about. */
export interface S3Subject {
  readonly object: string;
  readonly bucket: string;
  /** Whether a version of the object has been opened: then an absent object is a changed one. */
  readonly opened: boolean;
}

/** An error in the terms of the store, and whether another attempt may succeed. */
export interface RequestFailure {
  readonly error: JokboError;
  readonly transient: boolean;
}

const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

const DENIED = new Set([
  'AccessDenied',
  'AccountProblem',
  'AllAccessDisabled',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  // versitygw sends this with status 404.
  'XAdminUserNotFound',
]);

const FULL = new Set(['QuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'XMinioStorageFull']);

const TRANSIENT = new Set([
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'SlowDown',
]);

/** Names any failure of an S3 request in the terms of the store; a typed error passes as permanent. */
export function s3Failure(failure: unknown, subject: S3Subject): RequestFailure {
  if (failure instanceof JokboError) return { error: failure, transient: false };
  const { object, bucket, opened } = subject;
  const code = failure instanceof Error ? failure.name : '';
  const status = statusOf(failure);
  // Where no answer came, the name of the failure is a mere "Error".
  const system = status === undefined ? systemCode(failure) : undefined;
  const context = { object, value: system ?? (code === '' ? status : code), cause: failure };

  if (failure instanceof WrongAnswer) {
    return { error: new StorageUnavailable(failure.message, { object, cause: failure }), transient: true };
  }
  if (code === 'Error' && failure instanceof Error && failure.message.includes('Region is missing')) {
    return permanent(new UsageError('No region is set: set AWS_REGION', context));
  }
  if (NO_CREDENTIALS.has(code))
    return permanent(new AccessDenied('No usable credentials were found', context));
  if (DENIED.has(code)) return permanent(new AccessDenied('The service refuses these credentials', context));
  if (FULL.has(code) || status === 507) {
    return permanent(new StorageFull('The service takes no further bytes', context));
  }
  if (TRANSIENT.has(code) || status === undefined || status === 429 || status >= 500) {
    return {
      error: new StorageUnavailable('The service did not answer as it should', context),
      transient: true,
    };
  }
  if (status === 401 || status === 403) {
    return permanent(new AccessDenied('The service refuses access', context));
  }
  if (opened && (status === 404 || status === 412 || status === 416)) {
    return permanent(new ObjectChanged('The object is no longer the version that was opened', context));
  }
  if (code === 'NoSuchBucket') return permanent(new ObjectMissing(`There is no bucket ${bucket}`, context));
  if (status === 404) return permanent(new ObjectMissing('There is no such object', context));
  return permanent(new StorageUnavailable(`The service rejects the request with status ${status}`, context));
}

/** HTTP status of an SDK error, or undefined when no answer came. */
export function statusOf(failure: unknown): number | undefined {
  if (!(failure instanceof Error) || !('$metadata' in failure)) return undefined;
  const metadata = failure.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function permanent(error: JokboError): RequestFailure {
  return { error, transient: false };
}
