import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { AccessDenied } from '@jokbo/contracts';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { Agent } from 'undici';
import { closingController, type Attempts } from './attempts.js';
import { s3Failure, type RequestFailure, type S3Subject } from './s3-errors.js';
import type { S3Settings } from './s3-settings.js';
import type { S3Service, StoreConnections } from './store-connections.js';
import type { S3Options } from './store-options.js';

/** What every operation on one bucket prefix shares. */
export interface S3Connection extends Attempts {
  readonly bucket: string;
  /** Without a trailing `/`; `''` for the whole bucket. */
  readonly prefix: string;
  readonly requestTimeoutMs: number;
  /** The client for one request: another one where its credentials were refused. */
  client(): S3Client;
  /** Names what a request came to in the terms of the store. */
  readonly failureOf: (failure: unknown, subject: S3Subject) => RequestFailure;
  /** Ends requests that are under way; the client stays for other stores. */
  close(): void;
}

/** Takes the client for an endpoint and its credentials; nothing is contacted yet. */
export function connectS3(
  location: { readonly bucket: string; readonly prefix: string },
  s3: S3Options,
  settings: S3Settings,
  { s3: clients }: StoreConnections,
): S3Connection {
  const access = accessOf(s3);
  const { retries, ...timing } = settings;
  // Holds secrets: a key is compared, and never shown.
  const key = JSON.stringify([access, timing]);
  let used: S3Service | null = null;
  const closing = closingController();
  return {
    bucket: location.bucket,
    prefix: location.prefix,
    requestTimeoutMs: timing.requestTimeoutMs,
    retries,
    closing: closing.signal,
    client() {
      used = clients.get(key, () => connectClient(access, timing));
      return used.client;
    },
    failureOf(failure, subject) {
      const named = s3Failure(failure, subject);
      // Credentials that were found once are kept by the client: who asks again looks for new ones.
      if (used !== null && named.error instanceof AccessDenied) clients.renew(key, used);
      return named;
    },
    close: () => closing.abort(),
  };
}

type Access = Pick<S3ClientConfig, 'endpoint' | 'region' | 'forcePathStyle' | 'credentials'>;

function accessOf(s3: S3Options): Access {
  const endpoint = s3.endpoint ?? environment('AWS_ENDPOINT_URL_S3') ?? environment('AWS_ENDPOINT_URL');
  const region = s3.region ?? regionOf(endpoint !== undefined);
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(s3.credentials === undefined ? {} : { credentials: s3.credentials }),
    forcePathStyle: s3.forcePathStyle ?? endpoint !== undefined,
  };
}

function connectClient(access: Access, timing: Omit<S3Settings, 'retries'>): S3Service {
  const sockets = new Agent({
    connections: timing.maxSockets,
    headersTimeout: timing.requestTimeoutMs,
    bodyTimeout: timing.socketTimeoutMs,
    connect: { timeout: timing.requestTimeoutMs },
  });
  const client = new S3Client({
    ...access,
    // A range has no checksum of its own, and some services send that of the whole object with it.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The SDK stops to retry once headers are there; one loop of our own covers headers and bodies.
    maxAttempts: 1,
    requestHandler: new UndiciHttpHandler({ dispatcher: sockets }),
  });
  return { client, sockets };
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
