import type { LayerMap, ResultDocument } from '@jokbo/contracts';
import { renderSitePage, type ReleaseChanges, type SitePageOptions, type SiteView } from '@jokbo/report';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../address.js';
import { isUnchanged } from '../api/answer.js';
import { findPair, findSubject, mapAddress } from '../api/result-answers.js';
import type { JsonSchema } from '../api/result-schemas.js';
import { ID_PARAMETER, RUN_QUERY } from '../api/schemas.js';
import { draftOf } from '../drafts/list-drafts.js';
import type { Draft, DraftSource } from '../drafts/draft-source.js';
import { NotFound } from '../problem.js';
import { readChanges } from '../published/changes.js';
import type { Published } from '../published/open-published.js';
import { findRun, type RunHead } from '../published/run-head.js';
import type { AssetAddresses } from './assets.js';
import { PAGE_QUERY, type PageQuery } from './page-query.js';
import { address, siteLinks, type Choice } from './site-links.js';

interface Asked {
  readonly Querystring: PageQuery & { readonly run: string };
  readonly Params: { readonly id?: string };
}

const RESULT_QUERY: JsonSchema = {
  type: 'object',
  properties: { ...(RUN_QUERY['properties'] as JsonSchema), ...(PAGE_QUERY['properties'] as JsonSchema) },
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

/** The pages of one result. A digest that was not published may be that of a draft, for whoever has the token. */
export function addPageRoutes(
  app: FastifyInstance,
  published: Published,
  assets: AssetAddresses,
  drafts?: DraftSource,
): void {
  const { ask, result } = published;
  for (const { path, viewOf } of PAGES) {
    const params = path.endsWith(':id') ? { params: ID_PARAMETER } : {};
    app.get<Asked>(
      path,
      { schema: { hide: true, querystring: RESULT_QUERY, ...params } },
      async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
        const { run: which, lang = null } = request.query;
        const id = request.params.id ?? '';
        const choice: Choice = { run: which, language: lang };
        const draft = await draftOf(ask, drafts, request, which);
        const run = draft === null ? await findRun(ask, which) : draftHead(draft);
        if (draft !== null) void reply.header('cache-control', 'no-store');
        else {
          const parts = [path, id, which, lang, assets.style, assets.script];
          if (isUnchanged(request, reply, run as RunHead, parts)) return reply;
        }
        const document = draft === null ? await result(run.digest) : draft.document;
        const view = viewOf(document, id);
        const page = renderSitePage(document, view, {
          language: lang ?? run.language,
          ...siteLinks(document, run, pathOf(view), choice),
          assets,
          ...(draft === null ? await publishedExtras(published, run as RunHead, view, choice) : {}),
        });
        if (page === null) throw new NotFound('the result has no such page');
        return reply.type('text/html; charset=utf-8').send(page);
      },
    );
  }
}

interface PageRun extends Pick<RunHead, 'digest' | 'language' | 'superseded_by'> {
  readonly draft?: boolean;
}

function draftHead({ digest, document }: Draft): PageRun {
  return { digest, language: document.programme.language, superseded_by: null, draft: true };
}

/** What the database knows of a view beyond the result itself. */
async function publishedExtras(
  { ask }: Published,
  run: RunHead,
  view: SiteView,
  choice: Choice,
): Promise<Pick<SitePageOptions, 'changes' | 'mapFile'>> {
  if (view.kind === 'pair') {
    const { subject, reference } = view;
    const mapFile = (map: LayerMap): string =>
      address(`/api/v1/maps/${mapAddress({ subject, reference }, map)}/cells.csv`, {
        run: choice.run,
        language: null,
      });
    return { mapFile };
  }
  if (view.kind === 'leaderboard') return {};
  const found = await readChanges(ask, run.run_id, view.subject);
  const changes: ReleaseChanges | null =
    found === null
      ? null
      : {
          ...found,
          previous: {
            digest: found.previous,
            href: address(pathOf(view), { ...choice, run: found.previous }),
          },
        };
  return { changes };
}
