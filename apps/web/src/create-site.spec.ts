import { request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { useZooSite } from '../specs/zoo-site.js';
import { createSite } from './create-site.js';
import { MAX_URL_LENGTH } from './limits.js';

const zoo = useZooSite();
const { get } = zoo;

describe('what is refused', () => {
  const problem = (reply: LightMyRequestResponse) => ({
    status: reply.statusCode,
    type: reply.headers['content-type'],
    ...reply.json<{ title: string; detail: string }>(),
  });
  const type = 'application/problem+json; charset=utf-8';

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('%s, everywhere', async (method) => {
    for (const url of ['/', '/api/v1/runs', '/nowhere']) {
      const reply = await zoo.site().inject({ method, url });
      expect(problem(reply)).toMatchObject({ status: 405, title: 'Method Not Allowed' });
      expect(reply.headers.allow).toBe('GET, HEAD');
    }
  });

  it.each([
    ['/nowhere', 404],
    [`/api/v1/leaderboard?run=${'0'.repeat(64)}`, 404],
    ['/api/v1/leaderboard?run=newest', 400],
    ['/api/v1/releases/nobody', 404],
    ['/api/v1/pairs/nobody~nothing', 404],
    ['/api/v1/maps/nobody', 404],
    ['/pairs/..%2f..%2fetc%2fpasswd', 404],
    ['/releases/%00', 404],
    ['/releases/%zz', 400],
    [`/releases/${'a'.repeat(600)}`, 414],
    [`/?run=${'a'.repeat(MAX_URL_LENGTH)}`, 414],
  ])('%.60s', async (url, status) => {
    const reply = await get(url);
    const found = problem(reply);
    expect({ type: found.type, status: found.status }).toMatchObject({ type: 'about:blank', status });
    expect(reply.headers['content-type']).toBe(type);
    expect(reply.body).not.toMatch(/node_modules|\.[jt]s\b|postgres/);
  });

  it('more requests than one client may send', async () => {
    const strict = await createSite(zoo.published(), { requestsPerMinute: 2 });
    const ask = async (url: string, remoteAddress = '10.0.0.1') =>
      (await strict.inject({ method: 'GET', url, remoteAddress })).statusCode;
    expect([
      await ask('/api/v1/runs'),
      await ask('/nowhere'),
      await ask('/api/v1/runs'),
      await ask('/nowhere'),
    ]).toEqual([200, 404, 429, 429]);
    expect([await ask('/healthz'), await ask('/api/v1/runs', '10.0.0.2')]).toEqual([200, 200]);
    await strict.close();
  });

  it('nothing of an error but its kind, when the database is gone', async () => {
    const errors: unknown[] = [];
    const failing = await createSite(
      { ...zoo.published(), ask: () => Promise.reject(new Error('password=secret at /srv/x.js')) },
      { onError: (error) => void errors.push(error) },
    );
    const reply = await failing.inject({ method: 'GET', url: '/healthz' });
    expect(problem(reply)).toMatchObject({ status: 500, detail: 'the request could not be answered' });
    expect(String(errors.pop())).toContain('secret');
    await failing.close();
  });
});

describe('over a socket', () => {
  it('refuses a body, answers TRACE with 405, and closes while connections are open', async () => {
    const served = await createSite(zoo.published());
    await served.listen({ host: '127.0.0.1', port: 0 });
    const { port } = served.server.address() as AddressInfo;
    const status = (method: string, body?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = openRequest({ port, host: '127.0.0.1', method, path: '/healthz' }, (reply) => {
          reply.resume();
          reply.on('end', () => resolve(reply.statusCode));
        });
        sent.on('error', reject);
        sent.end(body);
      });
    expect([
      await status('GET'),
      await status('TRACE'),
      await status('POST', '{}'),
      await status('PROPFIND'),
    ]).toEqual([200, 405, 405, 405]);
    await served.close();
  });
});
