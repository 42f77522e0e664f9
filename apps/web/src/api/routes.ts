import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityTag } from '../entity-tag.js';
import { readChanges } from '../published/changes.js';
import { readCoverage } from '../published/coverage.js';
import { readLeaderboard } from '../published/leaderboard.js';
import type { Published } from '../published/open-published.js';
import { readSubject } from '../published/read-subject.js';
import { mapParts, pairParts, releaseParts } from '../published/wanted-parts.js';
import { findRun, listRuns, type RunHead } from '../published/run-head.js';
import type { AskRunning } from '../running/running-audit.js';
import { ANSWERS } from './answer-schemas.js';
import { isHeldBy, isUnchanged } from './answer.js';
import { mapCsv } from './map-csv.js';
import { ID_PARAMETER, RUN_QUERY, RUNS_QUERY } from './parameter-schemas.js';
import { findMap, findPair, mapAnswer, pairAnswer, releaseAnswer } from './result-answers.js';
import type { JsonSchema } from './result-schemas.js';

interface Asked {
  readonly Querystring: { readonly run: string };
  readonly Params: { readonly id?: string };
}

interface Resource {
  readonly path: string;
  readonly summary: string;
  readonly answer: JsonSchema;
  readonly read: (run: RunHead, id: string) => Promise<object>;
}

function resources({ ask, parts }: Published): Resource[] {
  return [
    {
      path: '/leaderboard',
      summary: 'Releases of an audit with their outcomes',
      answer: ANSWERS.leaderboard,
      read: async (run) => ({ items: await readLeaderboard(ask, run.run_id) }),
    },
    {
      path: '/coverage',
      summary: 'What was scanned of every model, and what was not',
      answer: ANSWERS.coverage,
      read: async (run) => ({ items: await readCoverage(ask, run.run_id) }),
    },
    {
      path: '/releases/:id',
      summary: 'One release with its pairs, criteria and training records',
      answer: ANSWERS.release,
      read: async (run, id) =>
        releaseAnswer(await parts(run.digest, await releaseParts(ask, run.run_id, id)), id),
    },
    {
      path: '/releases/:id/changes',
      summary: 'One release in this result and in the one before it: which verdicts moved, and what changed',
      answer: ANSWERS.changes,
      read: async (run, id) => ({
        changes: await readChanges(ask, run.run_id, await readSubject(ask, run.run_id, id)),
      }),
    },
    {
      path: '/pairs/:id',
      summary: 'One release against one reference, with every record and control',
      answer: ANSWERS.pair,
      read: async (run, id) =>
        pairAnswer(findPair(await parts(run.digest, await pairParts(ask, run.run_id, id)), id)),
    },
    {
      path: '/maps/:id',
      summary: 'One layer map with its cells',
      answer: ANSWERS.map,
      read: async (run, id) =>
        mapAnswer(findMap(await parts(run.digest, await mapParts(ask, run.run_id, id)), id)),
    },
  ];
}

/**
 * The JSON API, below the prefix that it is registered with.
 *
 * @param running tells the audits that run; absent = none is known.
 */
export function addApiRoutes(app: FastifyInstance, published: Published, running?: AskRunning): void {
  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/runs',
    {
      schema: {
        summary: 'Published results, the newest first',
        querystring: RUNS_QUERY,
        response: answers(ANSWERS.runs),
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const page = await listRuns(published.ask, limit, cursor ?? null);
      const state = page.items.flatMap(({ digest, superseded_by }) => [digest, superseded_by]);
      void reply.header('cache-control', 'public, no-cache');
      if (isHeldBy(request, reply, entityTag(page.next_cursor, ...state))) return reply;
      return page;
    },
  );
  for (const { path, summary, answer, read } of resources(published)) {
    const params = path.includes(':id') ? { params: ID_PARAMETER } : {};
    app.get<Asked>(
      path,
      { schema: { summary, querystring: RUN_QUERY, ...params, response: answers(answer) } },
      async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
        const run = await findRun(published.ask, request.query.run);
        const id = request.params.id ?? '';
        if (isUnchanged(request, reply, run, [path, id])) return reply;
        return { run, ...(await read(run, id)) };
      },
    );
  }
  addOtherRoutes(app, published, running);
}

/** Answers that are no JSON of a result: the cells of a map, and the audits that run. */
function addOtherRoutes(app: FastifyInstance, published: Published, running?: AskRunning): void {
  app.get<Asked>(
    '/maps/:id/cells.csv',
    {
      schema: {
        summary: 'The cells of one layer map as CSV: layers of subject and reference, cosine, r, z',
        querystring: RUN_QUERY,
        params: ID_PARAMETER,
        response: answers(CSV_TEXT, 'text/csv'),
      },
    },
    async (request, reply) => {
      const run = await findRun(published.ask, request.query.run);
      const id = request.params.id ?? '';
      if (isUnchanged(request, reply, run, ['/maps/:id/cells.csv', id])) return reply;
      const wanted = await mapParts(published.ask, run.run_id, id);
      const { map } = findMap(await published.parts(run.digest, wanted), id);
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="map.csv"')
        .send(mapCsv(map));
    },
  );
  app.get(
    '/running',
    { schema: { summary: 'Audits that run now, with how far they are', response: answers(ANSWERS.running) } },
    async (_, reply) => {
      void reply.header('cache-control', 'no-store');
      return { items: (await running?.()) ?? [] };
    },
  );
}

const CSV_TEXT: JsonSchema = { type: 'string', description: 'One row per cell; an undefined cell is empty.' };

/** The answers of a route: its own, and problems. */
export function answers(answer: JsonSchema, type = 'application/json'): Record<string, unknown> {
  const problem = {
    description: 'What is wrong.',
    content: { 'application/problem+json': { schema: ANSWERS.problem } },
  };
  return {
    200: { description: 'Found.', content: { [type]: { schema: answer } } },
    304: { description: 'As the client has it.', type: 'null' },
    '4xx': problem,
    '5xx': problem,
  };
}
