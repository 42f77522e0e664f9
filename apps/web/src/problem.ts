import { STATUS_CODES } from 'node:http';
import { DatabaseUnavailable, ObjectMissing } from '@jokbo/contracts';
import type { FastifyError, FastifyReply } from 'fastify';

/** What is told of a request that failed (RFC 9457). */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error';
  const problem: Problem = { type: 'about:blank', title, status, detail };
  return reply
    .removeHeader('etag')
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problem);
}

/** What a request asked for is not there. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/**
 * Status and words for an error. Only what a client did wrong is told in words of the error: others may hold
 * addresses of the database.
 */
export function problemOf(error: unknown): { readonly status: number; readonly detail: string } {
  if (error instanceof NotFound) return { status: 404, detail: error.message };
  if (error instanceof ObjectMissing) return { status: 404, detail: 'there is no such result' };
  if (error instanceof DatabaseUnavailable)
    return { status: 503, detail: 'the result database cannot be read' };
  const { statusCode, message } = error as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, detail: message ?? '' };
  if (statusCode === 503) return { status: 503, detail: 'the answer took too long' };
  return { status: 500, detail: 'the request could not be answered' };
}
