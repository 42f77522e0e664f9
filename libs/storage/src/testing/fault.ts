import type { S3Request } from './s3-request.js';

/** What a request that a fault hits gets instead of the right answer; `afterBytes` counts in the body. */
export type Fault =
  /** An error answer: 500 InternalError, 503 SlowDown, 507, … */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string }
  /** No answer at all; the connection stays open. */
  | { readonly kind: 'silence' }
  /** Headers and the first bytes of the body, then nothing more; the connection stays open. */
  | { readonly kind: 'stall'; readonly afterBytes?: number }
  /** The connection is reset within the body. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** The body ends early although HTTP sees a proper end. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** The body has more bytes than were asked for, and HTTP sees a proper end. */
  | { readonly kind: 'surplus'; readonly bytes: number }
  /** `Content-Range` is off by this many bytes. */
  | { readonly kind: 'wrong-range'; readonly shift: number }
  /** The whole object with status 200, as from a service that knows no ranges. */
  | { readonly kind: 'whole-object' }
  /** The object is replaced just before the request is looked at. */
  | { readonly kind: 'replace'; readonly bytes: Uint8Array }
  /** `If-Match` is ignored and another ETag sent, as from a careless service after a replacement. */
  | { readonly kind: 'wrong-etag'; readonly etag: string };

/** Which requests a fault hits. */
export interface Injection {
  /** Default: every request. */
  readonly match?: (request: S3Request) => boolean;
  /** Requests that are hit before the fault is over. Default 1. */
  readonly times?: number;
  readonly fault: Fault;
}

/** Faults that wait for their requests. */
export interface FaultQueue {
  add(injection: Injection): void;
  /** The fault for this request, counted as used. */
  take(request: S3Request): Fault | undefined;
}

/** The first fault that was added and matches a request hits it. */
export function createFaultQueue(): FaultQueue {
  const waiting: { readonly injection: Injection; left: number }[] = [];
  return {
    add(injection) {
      waiting.push({ injection, left: injection.times ?? 1 });
    },
    take(request) {
      const entry = waiting.find(({ injection, left }) => left > 0 && (injection.match?.(request) ?? true));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.injection.fault;
    },
  };
}
