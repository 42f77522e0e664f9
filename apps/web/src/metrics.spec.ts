import { expect, it } from 'vitest';
import { PAIR, useZooSite } from '../specs/zoo-site.js';
import { createSite } from './create-site.js';

const zoo = useZooSite({ metrics: true });

it('counts requests by route and status, never by address', async () => {
  for (const url of [
    `/releases/${PAIR.subject}`,
    `/releases/${PAIR.subject}?lang=en`,
    '/releases/nobody',
    '/no',
  ]) {
    await zoo.get(url);
  }
  const { headers, body } = await zoo.get('/metrics');
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(body).toContain('jokbo_http_requests_total{route="/releases/:id",status="200"} 2');
  expect(body).toContain('jokbo_http_requests_total{route="/releases/:id",status="404"} 1');
  expect(body).toContain('jokbo_http_requests_total{route="none",status="404"} 1');
  expect(body).toContain('jokbo_http_request_duration_seconds_count{route="/releases/:id"} 3');
  expect(body).toContain('process_resident_memory_bytes');
  expect(body).not.toContain('nobody');
});

it('is not there unless it is asked for', async () => {
  const without = await createSite(zoo.published());
  expect((await without.inject({ method: 'GET', url: '/metrics' })).statusCode).toBe(404);
  await without.close();
});
