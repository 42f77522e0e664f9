import { renderRunsPage, type ListedRun } from '@jokbo/report';
import type { FastifyInstance } from 'fastify';
import { PAGE_QUERY, type PageQuery } from '../pages/page-query.js';
import { address, shellOf } from '../pages/site-links.js';
import type { AssetAddresses } from '../pages/assets.js';
import { NotFound } from '../problem.js';
import type { AskViews } from '../published/query-views.js';
import type { DraftSource } from './draft-source.js';
import { draftOf, listDrafts } from './list-drafts.js';
import { refusal } from './refuse-drafts.js';

/** The list of drafts, and each as the result document that it is. */
export function addDraftRoutes(
  app: FastifyInstance,
  ask: AskViews,
  drafts: DraftSource,
  assets: AssetAddresses,
): void {
  const refused = refusal(drafts, 'Basic realm="drafts", charset="UTF-8"');
  app.get<{ Querystring: PageQuery }>(
    '/drafts',
    { schema: { hide: true, querystring: PAGE_QUERY } },
    async (request, reply) => {
      const refusedAs = refused(request, reply);
      if (refusedAs !== null) return refusedAs;
      const { lang = null } = request.query;
      const listed = (await listDrafts(ask, drafts)).map(({ digest, document, at }): ListedRun => ({
        digest,
        at,
        href: address('/', { run: digest, language: lang }),
        programme: document.programme.name,
        tool_version: document.tool.version,
        rule_set: document.rules.id,
        rule_set_version: document.rules.version,
        is_current: false,
        superseded_by: null,
      }));
      const shell = shellOf('/drafts', lang ?? 'ko', lang, assets.style, null);
      return reply.type('text/html; charset=utf-8').send(renderRunsPage(shell, 'drafts', listed, null));
    },
  );
  app.get<{ Params: { digest: string } }>(
    '/drafts/:digest',
    { schema: { hide: true } },
    async (request, reply) => {
      const refusedAs = refused(request, reply);
      if (refusedAs !== null) return refusedAs;
      const draft = await draftOf(ask, drafts, request, request.params.digest);
      if (draft === null) throw new NotFound('there is no such draft');
      return draft.document;
    },
  );
}
