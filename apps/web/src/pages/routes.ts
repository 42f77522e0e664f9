import type { LayerMap, ResultDocument } from '@jokbo/contracts';
import { renderSitePage, type SitePageOptions, type SiteView } from '@jokbo/report';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../address.js';
import { isUnchanged } from '../api/answer.js';
import { ID_PARAMETER, RUN_QUERY } from '../api/parameter-schemas.js';
import { findPair, findSubject, mapAddress } from '../api/result-answers.js';
import type { JsonSchema } from '../api/result-schemas.js';
import { draftOf } from '../drafts/list-drafts.js';
import type { DraftSource } from '../drafts/draft-source.js';
import { NotFound } from '../problem.js';
import type { WantedParts } from '@jokbo/database';
import type { AskViews } from '../published/query-views.js';
import { pairParts, releaseParts } from '../published/wanted-parts.js';
import { readChanges } from '../published/changes.js';
import type { Published } from '../published/open-published.js';
import { readOutcomes } from '../published/outcome-changes.js';
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
  /** What of the result it shows. */
  readonly partsOf: (ask: AskViews, runId: number, id: string) => Promise<WantedParts>;
}

const PAGES: readonly SitePage[] = [
  {
    path: '/',
    viewOf: () => ({ kind: 'leaderboard' }),
    partsOf: () => Promise.resolve({ records: true }),
  },
  {
    path: '/releases/:id',
    viewOf: (document, id) => ({ kind: 'release', subject: findSubject(document, id) }),
    partsOf: releaseParts,
  },
  {
    path: '/pairs/:id',
    viewOf: (document, id) => {
      const { subject, reference } = findPair(document, id);
      return { kind: 'pair', subject, reference };
    },
    partsOf: pairParts,
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
  const { ask, parts } = published;
  for (const { path, viewOf, partsOf } of PAGES) {
    const params = path.endsWith(':id') ? { params: ID_PARAMETER } : {};
    app.get<Asked>(
      path,
      { schema: { hide: true, querystring: RESULT_QUERY, ...params } },
      async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
        const { run: which, lang = null } = request.query;
        const id = request.params.id ?? '';
        const choice: Choice = { run: which, language: lang };
        const send = (shown: Shown): FastifyReply => {
          const { document, run, view, extras } = shown;
          const page = renderSitePage(document, view, {
            language: lang ?? document.programme.language,
            ...siteLinks(document, run, pathOf(view), choice),
            assets,
            ...extras,
          });
          if (page === null) throw new NotFound('the result has no such page');
          return reply.type('text/html; charset=utf-8').send(page);
        };
        const draft = await draftOf(ask, drafts, request, which);
        if (draft !== null) {
          void reply.header('cache-control', 'no-store');
          const { document, digest } = draft;
          const run = { digest, superseded_by: null, draft: true };
          return send({ document, run, view: viewOf(document, id), extras: {} });
        }
        const run = await findRun(ask, which);
        const tagged = [path, id, which, lang, assets.style, assets.script];
        if (isUnchanged(request, reply, run, tagged)) return reply;
        const document = await parts(run.digest, await partsOf(ask, run.run_id, id));
        const view = viewOf(document, id);
        return send({ document, run, view, extras: await publishedExtras(ask, run, view, choice) });
      },
    );
  }
}

/** What a page is made of. */
interface Shown {
  readonly document: ResultDocument;
  readonly run: Pick<RunHead, 'digest' | 'superseded_by'> & { readonly draft?: boolean };
  readonly view: SiteView;
  readonly extras: Pick<SitePageOptions, 'changes' | 'outcomes' | 'mapFile'>;
}

/** What the database knows of a view beyond the result itself. */
async function publishedExtras(
  ask: AskViews,
  run: RunHead,
  view: SiteView,
  choice: Choice,
): Promise<Pick<SitePageOptions, 'changes' | 'outcomes' | 'mapFile'>> {
  if (view.kind === 'pair') {
    const { subject, reference } = view;
    const mapFile = (map: LayerMap): string =>
      address(`/api/v1/maps/${mapAddress({ subject, reference }, map)}/cells.csv`, {
        run: choice.run,
        language: null,
      });
    return { mapFile };
  }
  const before = (digest: string): { readonly digest: string; readonly href: string } => ({
    digest,
    href: address(pathOf(view), { ...choice, run: digest }),
  });
  if (view.kind === 'leaderboard') {
    const found = await readOutcomes(ask, run.run_id);
    return { outcomes: found === null ? null : { ...found, previous: before(found.previous) } };
  }
  const found = await readChanges(ask, run.run_id, view.subject);
  const changes = found === null ? null : { ...found, previous: before(found.previous) };
  return { changes };
}
