import { UsageError } from '@jokbo/contracts';
import { s3Settings } from './s3-settings.js';
import type { StoreOptions } from './store-options.js';

/** Where the hub is, who asks, and how requests are repeated and given up. */
export interface HubSettings {
  /** Origin and path before `/api`, without a trailing `/`. */
  readonly endpoint: string;
  /** Sent to the endpoint alone; never shown. */
  readonly token: string | null;
  readonly retries: number;
  readonly requestTimeoutMs: number;
  readonly socketTimeoutMs: number;
  readonly maxSockets: number;
}

/** The public hub. */
const PUBLIC_ENDPOINT = 'https://huggingface.co';

/** What a header takes: a token with a line break in it would be another header. */
const TOKEN = /^[\x21-\x7e]{1,1000}$/;

/**
 * Settings of the hub: `HF_ENDPOINT` and `HF_TOKEN`, which its own tools read too; attempts, timeouts and connections are
 * those of `s3Settings`.
 *
 * @throws UsageError when a variable is wrong; a token is not repeated.
 */
export function hubSettings(
  options: StoreOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): HubSettings {
  const endpoint = options.hub?.endpoint ?? (environment['HF_ENDPOINT'] || PUBLIC_ENDPOINT);
  const token = options.hub?.token ?? (environment['HF_TOKEN'] || null);
  if (token !== null && !TOKEN.test(token)) {
    throw new UsageError('HF_TOKEN is no token', { object: 'HF_TOKEN' });
  }
  return { endpoint: checkedEndpoint(endpoint), token, ...s3Settings(options, environment) };
}

function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const plain = url !== null && url.username === '' && url.password === '' && url.search + url.hash === '';
  if (url === null || !plain || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError('HF_ENDPOINT must be an http or https URL without user or query', {
      object: 'HF_ENDPOINT',
    });
  }
  return url.href.replace(/\/+$/, '');
}
