import type { ResultDocument } from '@jokbo/contracts';
import type { FastifyInstance } from 'fastify';
import { ANSWERS } from '../api/answer-schemas.js';
import { DIGEST_PARAMETER, DRAFT_PART_PARAMETERS } from '../api/parameter-schemas.js';
import {
  findMap,
  findPair,
  leaderboardAnswer,
  mapAnswer,
  pairAnswer,
  releaseAnswer,
} from '../api/result-answers.js';
import type { JsonSchema } from '../api/result-schemas.js';
import { answers } from '../api/routes.js';
import { NotFound } from '../problem.js';
import type { AskViews } from '../published/query-views.js';
import type { Draft, DraftSource } from './draft-source.js';
import { draftOf, listDrafts } from './list-drafts.js';
import { refusal } from './refuse-drafts.js';

/** How the description of the API says that a route needs the token. */
export const DRAFT_SECURITY = {
  draft_token: { type: 'http', scheme: 'bearer', description: 'The token of drafts.' },
} as const;

const NEEDS_TOKEN = [{ draft_token: [] }];

interface Part {
  readonly path: string;
  readonly summary: string;
  readonly answer: JsonSchema;
  readonly of: (document: ResultDocument, id: string) => object;
}

/** What of a draft is given by itself: as of a published result, with the draft in place of the run. */
const PARTS: readonly Part[] = [
  {
    path: '/leaderboard',
    summary: 'Releases of a draft with their outcomes',
    answer: ANSWERS.draftLeaderboard,
    of: (document) => ({ items: leaderboardAnswer(document) }),
  },
  {
    path: '/releases/:id',
    summary: 'One release of a draft',
    answer: ANSWERS.draftRelease,
    of: releaseAnswer,
  },
  {
    path: '/pairs/:id',
    summary: 'One pair of a draft, with every record and control',
    answer: ANSWERS.draftPair,
    of: (document, id) => pairAnswer(findPair(document, id)),
  },
  {
    path: '/maps/:id',
    summary: 'One layer map of a draft with its cells',
    answer: ANSWERS.draftMap,
    of: (document, id) => mapAnswer(findMap(document, id)),
  },
];

/** Drafts in the JSON API: the list, each as the result document that it is, and its parts. */
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
        items: items.map(draftHead),
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
  for (const { path, summary, answer, of } of PARTS) {
    app.get<{ Params: { digest: string; id?: string } }>(
      `/drafts/:digest${path}`,
      {
        schema: {
          summary,
          security: NEEDS_TOKEN,
          params: path.includes(':id') ? DRAFT_PART_PARAMETERS : DIGEST_PARAMETER,
          response: answers(answer),
        },
      },
      async (request, reply) => {
        const refusedAs = refused(request, reply);
        if (refusedAs !== null) return refusedAs;
        const { digest, id = '' } = request.params;
        const draft = await draftOf(ask, drafts, request, digest);
        if (draft === null) throw new NotFound('there is no such draft');
        return { draft: draftHead(draft), ...of(draft.document, id) };
      },
    );
  }
}

function draftHead({ digest, document, at }: Draft): object {
  return {
    digest,
    written_at: at.toISOString(),
    programme: document.programme.name,
    tool_version: document.tool.version,
    rule_set: document.rules.id,
    rule_set_version: document.rules.version,
  };
}
