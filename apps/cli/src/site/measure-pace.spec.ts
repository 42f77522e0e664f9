import type { RunningAudit } from '@jokbo/web';
import { describe, expect, it } from 'vitest';
import { measurePace } from './measure-pace.js';

const audit = (programme: string, done: number, read: number): RunningAudit => ({
  programme,
  driver: 'temporal',
  paused: false,
  started_at: '2026-01-12T00:00:00.000Z',
  age_s: 0,
  stages: [{ stage: 'fingerprint', expected: 40, done, read_bytes: read }],
  read_bytes_per_s: null,
  eta_s: null,
});
const figures = (audits: readonly RunningAudit[]) =>
  audits.map(({ read_bytes_per_s, eta_s }) => [read_bytes_per_s, eta_s]);

describe('measurePace', () => {
  it('knows nothing at first, then speed and time left of each audit by itself', () => {
    const pace = measurePace();
    expect(figures(pace([audit('a', 5, 1e9)], 0))).toEqual([[null, null]]);
    const second = pace([audit('a', 10, 6e9), audit('b', 39, 9e9)], 10_000);
    expect(figures(second)).toEqual([
      [5e8, 60],
      [null, null],
    ]);
    expect(figures(pace([audit('b', 40, 9e9)], 20_000))).toEqual([[null, null]]);
  });

  it('forgets what is long ago, and an audit that is not told of any more', () => {
    const pace = measurePace();
    pace([audit('a', 1, 0)], 0);
    pace([audit('a', 2, 0)], 290_000);
    expect(figures(pace([audit('a', 4, 1e9)], 310_000))).toEqual([[5e7, 360]]);
    pace([], 311_000);
    expect(figures(pace([audit('a', 5, 2e9)], 312_000))).toEqual([[null, null]]);
  });

  it('makes no figure of counts that go back or of no time', () => {
    const pace = measurePace();
    pace([audit('a', 9, 5e9)], 0);
    expect(figures(pace([audit('a', 9, 5e9)], 0))).toEqual([[null, null]]);
    expect(figures(pace([audit('a', 3, 1e9)], 5000))).toEqual([[null, null]]);
  });
});
