import { renderRunningPage, renderRunsPage, type Language } from '@jokbo/report';
import type { FastifyInstance } from 'fastify';
import { isHeldBy } from '../api/answer.js';
import type { JsonSchema } from '../api/result-schemas.js';
import { RUNS_QUERY } from '../api/parameter-schemas.js';
import { entityTag } from '../entity-tag.js';
import { DEFAULT_PAGE_ROWS } from '../limits.js';
import type { Published } from '../published/open-published.js';
import { listRuns } from '../published/run-head.js';
import type { AssetAddresses } from './assets.js';
import { PAGE_QUERY, type PageQuery } from './page-query.js';
import { address, shellOf } from './site-links.js';

/** Pages that show no single result are Korean unless the reader chose: the programme is. */
const DEFAULT_LANGUAGE: Language = 'ko';

const LIST_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    ...(PAGE_QUERY['properties'] as JsonSchema),
    cursor: (RUNS_QUERY['properties'] as Readonly<Record<string, JsonSchema>>)['cursor'],
  },
};

/** The page of all results, and that of the audits that run. */
export function addListRoutes(app: FastifyInstance, { ask }: Published, assets: AssetAddresses): void {
  app.get<{ Querystring: PageQuery & { readonly cursor?: string } }>(
    '/runs',
    { schema: { hide: true, querystring: LIST_QUERY } },
    async (request, reply) => {
      const { lang = null, cursor = null } = request.query;
      const { items, next_cursor } = await listRuns(ask, DEFAULT_PAGE_ROWS, cursor);
      const state = items.flatMap(({ digest, superseded_by }) => [digest, superseded_by]);
      void reply.header('cache-control', 'public, no-cache');
      if (isHeldBy(request, reply, entityTag('/runs', lang, assets.style, next_cursor, ...state)))
        return reply;
      const hrefOf = (run: string): string => address('/', { run, language: lang });
      const shell = shellOf('/runs', lang ?? DEFAULT_LANGUAGE, lang, assets.style, null);
      const older =
        next_cursor === null ? null : address('/runs', { run: 'latest', language: lang }, next_cursor);
      const page = renderRunsPage(
        shell,
        'runs',
        items.map(({ published_at, superseded_by, ...run }) => ({
          ...run,
          href: hrefOf(run.digest),
          at: published_at,
          superseded_by:
            superseded_by === null ? null : { digest: superseded_by, href: hrefOf(superseded_by) },
        })),
        older,
      );
      return reply.type('text/html; charset=utf-8').send(page);
    },
  );
  app.get<{ Querystring: PageQuery }>(
    '/running',
    { schema: { hide: true, querystring: PAGE_QUERY } },
    async (request, reply) => {
      const { lang = null } = request.query;
      void reply.header('cache-control', 'public, no-cache');
      if (isHeldBy(request, reply, entityTag('/running', lang, assets.style, assets.running))) return reply;
      const shell = shellOf('/running', lang ?? DEFAULT_LANGUAGE, lang, assets.style, assets.running);
      return reply.type('text/html; charset=utf-8').send(renderRunningPage(shell, '/api/v1/running'));
    },
  );
}
