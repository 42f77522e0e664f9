import { describe, expect, it } from 'vitest';
import { HOSTILE, useZooSite } from '../../specs/zoo-site.js';
import type { RunningAudit } from './running-audit.js';

const audit: RunningAudit = {
  programme: HOSTILE,
  driver: 'local',
  paused: false,
  started_at: '2026-01-12T00:00:00.000Z',
  age_s: 1.5,
  stages: [{ stage: 'fingerprint', expected: 40, done: 12, read_bytes: 5e9 }],
  read_bytes_per_s: 1.2e9,
  eta_s: 30,
};
let told: readonly RunningAudit[] = [audit];
const { get } = useZooSite({ running: () => Promise.resolve(told) });

describe('running audits', () => {
  it('are told as they are each time, and kept by no cache', async () => {
    const reply = await get('/api/v1/running');
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.json()).toEqual({ items: [audit] });
    told = [];
    expect((await get('/api/v1/running')).json()).toEqual({ items: [] });
  });

  it('are shown by a linked script alone: the page holds none of their texts', async () => {
    const { body } = await get('/running?lang=en');
    expect(body).toContain('data-source="/api/v1/running"');
    expect(body).toMatch(/<script src="\/assets\/report\.[0-9a-f]{16}\.js" defer><\/script>/);
    expect(body).not.toMatch(/<script>|alert\(1\)/);
    const [, script = ''] = /<script src="([^"]+)"/.exec(body) ?? [];
    const source = (await get(script)).body;
    expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });
});
