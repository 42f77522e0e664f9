import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { closingController, type Attempts } from './attempts.js';
import { HubStatus } from './hub-errors.js';
import type { HubSettings } from './hub-settings.js';
import { discardBody } from './read-body.js';
import { WrongAnswer } from './s3-errors.js';
import type { StoreConnections } from './store-connections.js';

/** Longest that a hub which is asked too often is left alone before the next attempt, in milliseconds. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Places that one after another send on to the next. */
const MAX_REDIRECTS = 5;

/** What every operation on one model of a hub shares. */
export interface HubConnection extends Attempts {
  readonly endpoint: string;
  /** @throws HubStatus for any status but those of success and redirection; the client's own error without an answer. */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HubAnswer>;
  /** Ends requests that are under way; sockets stay for other stores. */
  close(): void;
}

/** Status, headers and the body, which the caller reads or discards. */
export interface HubAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: Readable;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

/** Takes the sockets for a hub; nothing is contacted yet. */
export function connectHub(settings: HubSettings, { hub: clients }: StoreConnections): HubConnection {
  const { endpoint, token, retries, requestTimeoutMs, socketTimeoutMs, maxSockets } = settings;
  const timing = [maxSockets, requestTimeoutMs, socketTimeoutMs];
  const sockets = (): Agent =>
    clients.get(
      JSON.stringify(timing),
      () =>
        new Agent({
          connections: maxSockets,
          headersTimeout: requestTimeoutMs,
          bodyTimeout: socketTimeoutMs,
          connect: { timeout: requestTimeoutMs },
        }),
    );
  const { origin } = new URL(endpoint);
  const closing = closingController();
  return {
    endpoint,
    retries,
    closing: closing.signal,
    async get(url, headers, signal) {
      // Whoever else keeps the bytes signs its own addresses, and must not see the token.
      const authorization =
        token !== null && url.origin === origin ? { authorization: `Bearer ${token}` } : {};
      const {
        statusCode: status,
        headers: own,
        body,
      } = await request(url, {
        dispatcher: sockets(),
        headers: { 'accept-encoding': 'identity', ...headers, ...authorization },
        signal,
      });
      const header = (name: string): string | null => {
        const value = own[name];
        return typeof value === 'string' ? value : null;
      };
      if (status < 400) return { status, header, body, url };
      discardBody(body);
      if (status === 429 || status === 503) await leaveAlone(header('retry-after'), signal);
      throw new HubStatus(status, header('x-error-code'));
    },
    close: () => closing.abort(),
  };
}

/**
 * Follows an answer to where the bytes are.
 *
 * @param onAnswer sees each answer on the way, the last one included.
 * @throws WrongAnswer for a way that does not end, or leaves the web.
 */
export async function follow(
  connection: HubConnection,
  from: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onAnswer: (answer: HubAnswer) => void,
): Promise<HubAnswer> {
  let url = from;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const answer = await connection.get(url, headers, signal);
    try {
      onAnswer(answer);
      if (answer.status < 300) return answer;
      url = nextUrl(answer);
    } catch (failure) {
      discardBody(answer.body);
      throw failure;
    }
    discardBody(answer.body);
  }
  throw new WrongAnswer(`The hub sends on more than ${MAX_REDIRECTS} times`);
}

function nextUrl({ status, header, url }: HubAnswer): URL {
  const location = header('location') ?? '';
  if (![301, 302, 303, 307, 308].includes(status) || !URL.canParse(location, url.href)) {
    throw new WrongAnswer(`The hub answered with status ${status} and leads nowhere`);
  }
  const next = new URL(location, url);
  const secure = next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:');
  if (!secure) throw new WrongAnswer('The hub sends on to what is no https address');
  return next;
}

async function leaveAlone(retryAfter: string | null, signal: AbortSignal): Promise<void> {
  if (retryAfter === null || !/^\d{1,9}$/.test(retryAfter)) return;
  const wait = Math.min(Number(retryAfter) * 1_000, LONGEST_RETRY_AFTER_MS);
  await pause(wait, undefined, { signal });
}
