import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { withEscapes } from '@jokbo/report';
import fastify, { type FastifyInstance } from 'fastify';
import { addAnyMatch } from './api/answer.js';
import { addApiRoutes, answers } from './api/routes.js';
import { ANSWERS } from './api/answer-schemas.js';
import { resultSchemas } from './api/result-schemas.js';
import {
  ANSWER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_COUNTED_CLIENTS,
  MAX_PARAMETER_LENGTH,
  MAX_URL_LENGTH,
  REQUEST_TIMEOUT_MS,
  REQUESTS_PER_MINUTE,
} from './limits.js';
import { addDraftRoutes } from './drafts/draft-routes.js';
import { addDraftApiRoutes, DRAFT_SECURITY } from './drafts/draft-api-routes.js';
import type { DraftSource } from './drafts/draft-source.js';
import { addMetrics } from './metrics.js';
import { addAssets } from './pages/assets.js';
import { addListRoutes } from './pages/list-routes.js';
import { addPageRoutes } from './pages/routes.js';
import { problemOf, sendProblem } from './problem.js';
import type { Published } from './published/open-published.js';
import type { AskRunning } from './running/running-audit.js';

export interface SiteOptions {
  /** Most requests of one client address in a minute. */
  readonly requestsPerMinute?: number;
  /** Told of every error that is not a client's. */
  readonly onError?: (error: unknown) => void;
  /** Results that are not published, for whoever has the token; absent = there are none. */
  readonly drafts?: DraftSource;
  /** Tells the audits that run now; absent = none is known. */
  readonly running?: AskRunning;
  /** Serves `/metrics` to whoever asks; default false. */
  readonly metrics?: boolean;
}

const API = '/api/v1';
/** Nothing but the site's own files and what they hold: no inline script or style, no form, no frame. */
const CONTENT_SECURITY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  // The page of running audits asks the API.
  connectSrc: ["'self'"],
  styleSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The site and the JSON API over what was published; it only reads. The caller closes `published` after it. */
export async function createSite(published: Published, options: SiteOptions = {}): Promise<FastifyInstance> {
  const { requestsPerMinute = REQUESTS_PER_MINUTE, onError, drafts, running, metrics = false } = options;
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    handlerTimeout: ANSWER_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: (error, _, reply) => {
      const { status, detail } = problemOf(error);
      void sendProblem(reply, status, detail);
    },
  });
  // Schemas describe the answers; they never filter them, so that no figure can get lost on the way.
  // Names are untrusted: no answer reverses text or moves a cursor where it is printed.
  app.setSerializerCompiler(() => (answer) => withEscapes(JSON.stringify(answer)));
  app.setErrorHandler((error, _, reply) => {
    const { status, detail } = problemOf(error);
    if (status >= 500) onError?.(error);
    return sendProblem(reply, status, detail);
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY },
    // It speaks plain HTTP; who puts TLS before it says so there.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    cache: MAX_COUNTED_CLIENTS,
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_, reply) =>
    sendProblem(reply, 404, 'there is no such page'),
  );
  if (metrics) addMetrics(app);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendProblem(reply.header('allow', 'GET, HEAD'), 405, 'this site only reads: GET or HEAD');
    }
    if (request.url.length > MAX_URL_LENGTH) {
      return sendProblem(reply, 414, `an address has at most ${MAX_URL_LENGTH} characters`);
    }
    return undefined;
  });
  addAnyMatch(app);
  for (const schema of resultSchemas()) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Jokbo',
        version: '1',
        description:
          'Published lineage audits of released language models. Reading them needs no login; drafts need a token.',
      },
      ...(drafts === undefined ? {} : { components: { securitySchemes: DRAFT_SECURITY } }),
    },
    refResolver: {
      buildLocalReference: (json, _, __, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `part_${index}`,
    },
  });
  app.get(
    '/healthz',
    {
      schema: { summary: 'Whether results can be read', response: answers(ANSWERS.health) },
      config: { rateLimit: false },
    },
    async (_, reply) => {
      await published.ask('select 1 from report_v1.runs limit 1');
      void reply.header('cache-control', 'no-store');
      return { status: 'ok' };
    },
  );
  await app.register(
    (api, _, done) => {
      addApiRoutes(api, published, running);
      if (drafts !== undefined) addDraftApiRoutes(api, published.ask, drafts);
      api.get(
        '/openapi.json',
        {
          schema: {
            summary: 'This description',
            response: answers({ type: 'object', additionalProperties: true }),
          },
        },
        () => app.swagger(),
      );
      done();
    },
    { prefix: API },
  );
  const assets = addAssets(app);
  addPageRoutes(app, published, assets, drafts);
  addListRoutes(app, published, assets);
  if (drafts !== undefined) addDraftRoutes(app, published.ask, drafts, assets);
  await app.ready();
  return app;
}
