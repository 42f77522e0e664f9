import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, isAny, isHeld } from '../entity-tag.js';
import { FIXED_RESULT_AGE_S } from '../limits.js';
import type { RunHead } from '../published/run-head.js';

/** Raised whenever the same result would be answered in other bytes. */
const REPRESENTATION = 1;

/**
 * Marks an answer with the tag of its result, and finds out whether the client has it already. Then nothing more is
 * read: the tag is known from the run alone.
 *
 * @param parts what the answer depends on beside the result.
 * @returns true when the reply is complete: 304.
 */
export function isUnchanged(
  request: FastifyRequest,
  reply: FastifyReply,
  run: RunHead,
  parts: readonly (string | number | null)[],
): boolean {
  const tag = entityTag(REPRESENTATION, run.digest, run.superseded_by, ...parts);
  const asked = (request.query as { readonly run?: string }).run;
  const fixed = asked !== undefined && asked !== 'latest';
  // A result stays as it is, but another may take its place, which its pages tell.
  void reply.header('cache-control', fixed ? `public, max-age=${FIXED_RESULT_AGE_S}` : 'public, no-cache');
  return isHeldBy(request, reply, tag);
}

/** Marks an answer with its tag. @returns true when the reply is complete: 304. */
export function isHeldBy(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  void reply.header('etag', tag);
  if (!isHeld(request.headers['if-none-match'], tag)) return false;
  void reply.code(304).send();
  return true;
}

/** Answers `If-None-Match: *` by 304 where an answer with a tag was found: whether there is one is known no sooner. */
export function addAnyMatch(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const found = reply.statusCode === 200 && reply.hasHeader('etag');
    if (!found || !isAny(request.headers['if-none-match'])) {
      done(null, payload);
      return;
    }
    void reply
      .code(304)
      .removeHeader('content-type')
      .removeHeader('content-length')
      .removeHeader('content-disposition');
    done(null, '');
  });
}
