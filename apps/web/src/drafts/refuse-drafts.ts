import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problem.js';
import type { DraftSource } from './draft-source.js';
import { mayReadDrafts } from './may-read-drafts.js';

/**
 * What a route of drafts asks before all else: null for a request with the token, else the answer that it was given. No
 * cache keeps either.
 *
 * @param challenge how the token may be brought (`WWW-Authenticate`).
 */
export function refusal(
  { token }: DraftSource,
  challenge: string,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null {
  return (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (mayReadDrafts(request.headers.authorization, token)) return null;
    return sendProblem(reply.header('www-authenticate', challenge), 401, 'drafts are read with their token');
  };
}
