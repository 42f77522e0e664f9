import type { FastifyInstance } from 'fastify';
import { answers } from '../api/routes.js';
import { ANSWERS, DIGEST_PARAMETER } from '../api/schemas.js';
import { NotFound } from '../problem.js';
import type { AskViews } from '../published/query-views.js';
import type { DraftSource } from './draft-source.js';
import { draftOf, listDrafts } from './list-drafts.js';
import { refusal } from './refuse-drafts.js';

/** How the description of the API says that a route needs the token. */
export const DRAFT_SECURITY = {
  draft_token: { type: 'http', scheme: 'bearer', description: 'The token of drafts.' },
} as const;

const NEEDS_TOKEN = [{ draft_token: [] }];

/** Drafts in the JSON API: the list, and each as the result document that it is. */
export function addDraftApiRoutes(app: FastifyInstance, ask: AskViews, drafts: DraftSource): void {
  const refused = refusal(drafts, 'Bearer realm="drafts"');
  app.get(
    '/drafts',
    {
      schema: {
        summary: 'Results that are not published, the newest first',
        security: NEEDS_TOKEN,
        response: answers(ANSWERS.drafts),
      },
    },
    async (request, reply) => {
      const refusedAs = refused(request, reply);
      if (refusedAs !== null) return refusedAs;
      const items = await listDrafts(ask, drafts);
      return {
        items: items.map(({ digest, document, at }) => ({
          digest,
          written_at: at.toISOString(),
          programme: document.programme.name,
          tool_version: document.tool.version,
          rule_set: document.rules.id,
          rule_set_version: document.rules.version,
        })),
      };
    },
  );
  app.get<{ Params: { digest: string } }>(
    '/drafts/:digest',
    {
      schema: {
        summary: 'One result that is not published: its whole document',
        security: NEEDS_TOKEN,
        params: DIGEST_PARAMETER,
        response: answers(ANSWERS.draft),
      },
    },
    async (request, reply) => {
      const refusedAs = refused(request, reply);
      if (refusedAs !== null) return refusedAs;
      const draft = await draftOf(ask, drafts, request, request.params.digest);
      if (draft === null) throw new NotFound('there is no such draft');
      return draft.document;
    },
  );
}
