import type { StoreConnections } from './store-connections.js';

/** Access to an S3 service; whatever is absent comes from the usual AWS environment and profile. */
export interface S3Options {
  /** Default: `AWS_ENDPOINT_URL_S3`, then `AWS_ENDPOINT_URL`, then the profile, then AWS itself. */
  readonly endpoint?: string;
  /** `https://host/bucket` instead of `https://bucket.host`. Default: true when an endpoint is set. */
  readonly forcePathStyle?: boolean;
  /** Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile; `us-east-1` with an endpoint and neither. */
  readonly region?: string;
  /** Connections kept open at most. Default: `JOKBO_S3_CONNECTIONS`, then 50. */
  readonly maxSockets?: number;
  /** Default: the credential chain of the AWS SDK (environment, profile, instance). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Access to a hub of models. */
export interface HubOptions {
  /** Default: `HF_ENDPOINT`, then the public hub. */
  readonly endpoint?: string;
  /** Default: `HF_TOKEN`, then none. */
  readonly token?: string;
}

/** How a store behaves. */
export interface StoreOptions {
  /**
   * Whether files are read on the calling thread as long as they come from the page cache: for threads that only
   * compute on what they read. Default: false.
   */
  readonly blockingReads?: boolean;
  /**
   * Milliseconds until a connection stands, and until the headers of an answer are there. Default:
   * `JOKBO_S3_REQUEST_TIMEOUT_MS`, then 30,000.
   */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that a body may stay silent. Default: `JOKBO_S3_SOCKET_TIMEOUT_MS`, then 15,000. */
  readonly socketTimeoutMs?: number;
  /** Further attempts after the first, with exponential backoff and jitter. Default: `JOKBO_S3_RETRIES`, then 5. */
  readonly retries?: number;
  /** Connections that the store shares with others, and leaves open. Default: its own, which it closes. */
  readonly connections?: StoreConnections | undefined;
  readonly s3?: S3Options;
  readonly hub?: HubOptions;
}

/** Long enough for a service under load, short enough that an operator still sees the error. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** S3 never pauses a body this long; a connection that does is dead. */
export const SOCKET_TIMEOUT_MS = 15_000;

/** With the backoff of the S3 store: between 3 and 7 seconds of waiting in total. */
export const RETRIES = 5;

/** The default of the AWS SDK. */
export const MAX_SOCKETS = 50;
