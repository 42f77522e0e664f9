import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Upper bounds of answer times: the target of a leaderboard is 0.2, of a page 1. Seconds. */
const BUCKETS_S = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** Counts requests by route, and serves the counts with those of the process under `/metrics` for Prometheus. */
export function addMetrics(app: FastifyInstance): void {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const labelNames = ['route', 'status'] as const;
  const requests = new Counter({
    name: 'jokbo_http_requests_total',
    help: 'Requests that were answered, by route and status.',
    labelNames,
    registers: [register],
  });
  const seconds = new Histogram({
    name: 'jokbo_http_request_duration_seconds',
    help: 'Seconds until a request was answered, by route.',
    labelNames: ['route'],
    buckets: BUCKETS_S,
    registers: [register],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, never the address that was asked for: there are finitely many.
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ route, status: reply.statusCode });
    seconds.observe({ route }, reply.elapsedTime / 1000);
    done();
  });
  app.get('/metrics', { schema: { hide: true }, config: { rateLimit: false } }, async (_, reply) =>
    reply
      .type(register.contentType)
      .header('cache-control', 'no-store')
      .send(await register.metrics()),
  );
}
