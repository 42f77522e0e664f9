import type { FastifyRequest } from 'fastify';
import type { AskViews } from '../published/query-views.js';
import type { Draft, DraftSource } from './draft-source.js';
import { mayReadDrafts } from './may-read-drafts.js';

/** The drafts that were not published meanwhile: a published result is everybody's. */
export async function listDrafts(ask: AskViews, { list }: DraftSource): Promise<readonly Draft[]> {
  const drafts = await list();
  const published = await ask<{ digest: string }>(
    `select run_sha256 as digest from report_v1.runs where run_sha256 = any (string_to_array($1, ','))`,
    [drafts.map(({ digest }) => digest).join(',')],
  );
  return drafts.filter((draft) => !published.some(({ digest }) => digest === draft.digest));
}

/**
 * The draft of a digest for a request that brings the token.
 *
 * @returns null where there is none, or the request may not know.
 */
export async function draftOf(
  ask: AskViews,
  drafts: DraftSource | undefined,
  request: FastifyRequest,
  digest: string,
): Promise<Draft | null> {
  if (drafts === undefined || !mayReadDrafts(request.headers.authorization, drafts.token)) return null;
  return (await listDrafts(ask, drafts)).find((draft) => draft.digest === digest) ?? null;
}
