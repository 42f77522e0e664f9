import type { ResultDocument } from '@jokbo/contracts';
import { LANGUAGES, renderSitePage, type Language, type SiteView } from '@jokbo/report';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../address.js';
import { isUnchanged } from '../api/answer.js';
import { findPair, findSubject } from '../api/result-answers.js';
import type { JsonSchema } from '../api/result-schemas.js';
import { ID_PARAMETER, RUN_QUERY } from '../api/schemas.js';
import { NotFound } from '../problem.js';
import type { Published } from '../published/open-published.js';
import { findRun } from '../published/run-head.js';
import { addAssets } from './assets.js';
import { siteLinks } from './site-links.js';

interface Asked {
  readonly Querystring: { readonly run: string; readonly lang?: Language };
  readonly Params: { readonly id?: string };
}

const PAGE_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    ...(RUN_QUERY['properties'] as JsonSchema),
    lang: { type: 'string', enum: LANGUAGES, description: 'Language; default: that of the programme.' },
  },
};

interface SitePage {
  readonly path: string;
  readonly viewOf: (document: ResultDocument, id: string) => SiteView;
}

const PAGES: readonly SitePage[] = [
  { path: '/', viewOf: () => ({ kind: 'leaderboard' }) },
  {
    path: '/releases/:id',
    viewOf: (document, id) => ({ kind: 'release', subject: findSubject(document, id) }),
  },
  {
    path: '/pairs/:id',
    viewOf: (document, id) => {
      const { subject, reference } = findPair(document, id);
      return { kind: 'pair', subject, reference };
    },
  },
];

/** Path of the page of a view: the same names always give the same one. */
function pathOf(view: SiteView): string {
  if (view.kind === 'leaderboard') return '/';
  return view.kind === 'release'
    ? `/releases/${addressOf(view.subject)}`
    : `/pairs/${addressOf(view.subject, view.reference)}`;
}

/** The pages, and the files that they link to. */
export function addPageRoutes(app: FastifyInstance, { ask, result }: Published): void {
  const assets = addAssets(app);
  for (const { path, viewOf } of PAGES) {
    const params = path.endsWith(':id') ? { params: ID_PARAMETER } : {};
    app.get<Asked>(
      path,
      { schema: { hide: true, querystring: PAGE_QUERY, ...params } },
      async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
        const { run: which, lang } = request.query;
        const run = await findRun(ask, which);
        const id = request.params.id ?? '';
        const parts = [path, id, which, lang ?? null, assets.style, assets.script];
        if (isUnchanged(request, reply, run, parts)) return reply;
        const document = await result(run.digest);
        const view = viewOf(document, id);
        const page = renderSitePage(document, view, {
          language: lang ?? run.language,
          ...siteLinks(document, run, pathOf(view), { run: which, language: lang ?? null }),
          assets,
        });
        if (page === null) throw new NotFound('the result has no such page');
        return reply.type('text/html; charset=utf-8').send(page);
      },
    );
  }
}
