import { S3Client } from '@aws-sdk/client-s3';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import type { S3Settings } from './s3-settings.js';
import type { S3Options } from './store-options.js';

/** What every operation on one bucket prefix shares. */
export interface S3Connection {
  readonly client: S3Client;
  readonly bucket: string;
  /** Without a trailing `/`; `''` for the whole bucket. */
  readonly prefix: string;
  readonly requestTimeoutMs: number;
  readonly retries: number;
  isClosed(): boolean;
  /** Ends every connection; requests that are under way fail. */
  close(): void;
}

/** Prepares a client; nothing is contacted yet. */
export function connectS3(
  location: { readonly bucket: string; readonly prefix: string },
  s3: S3Options,
  { retries, requestTimeoutMs, socketTimeoutMs, maxSockets }: S3Settings,
): S3Connection {
  const endpoint = s3.endpoint ?? environment('AWS_ENDPOINT_URL_S3') ?? environment('AWS_ENDPOINT_URL');
  const region = s3.region ?? regionOf(endpoint !== undefined);
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(s3.credentials === undefined ? {} : { credentials: s3.credentials }),
    forcePathStyle: s3.forcePathStyle ?? endpoint !== undefined,
    // A range has no checksum of its own, and some services send that of the whole object with it.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The SDK stops to retry once headers are there; one loop of our own covers headers and bodies.
    maxAttempts: 1,
    requestHandler: new UndiciHttpHandler({
      dispatcher: {
        connections: maxSockets,
        headersTimeout: requestTimeoutMs,
        bodyTimeout: socketTimeoutMs,
        connect: { timeout: requestTimeoutMs },
      },
    }),
  });
  let closed = false;
  return {
    client,
    bucket: location.bucket,
    prefix: location.prefix,
    requestTimeoutMs,
    retries,
    isClosed: () => closed,
    close() {
      closed = true;
      client.destroy();
    },
  };
}

/** The key of an object of the store. */
export function keyOf(connection: S3Connection, path: string): string {
  return connection.prefix === '' ? path : `${connection.prefix}/${path}`;
}

function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** A service behind an own endpoint seldom has regions, yet the signature needs one. */
function regionOf(ownEndpoint: boolean): string | undefined {
  const named = environment('AWS_REGION') ?? environment('AWS_DEFAULT_REGION');
  if (named !== undefined || !ownEndpoint || environment('AWS_PROFILE') !== undefined) return named;
  return 'us-east-1';
}
