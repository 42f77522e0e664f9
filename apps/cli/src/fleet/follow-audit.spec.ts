import type { FleetCount } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { showGrowth } from './follow-audit.js';

const count = (expected: number, done: number, read = 0): FleetCount => ({
  stage: 'compare',
  expected,
  done,
  read,
});

describe('showGrowth', () => {
  it('tells what has grown, once, also where a count falls back for a moment', () => {
    const told: unknown[] = [];
    const show = showGrowth({
      expect: (...args) => told.push(['expect', ...args]),
      advance: (...args) => told.push(['advance', ...args]),
      note: () => undefined,
    });
    for (const counts of [[count(5, 2, 100)], [count(5, 1, 100)], [count(7, 4, 150)]]) {
      show({ paused: false, priority: 3, windows: [], counts });
    }
    expect(told).toEqual([
      ['expect', 'compare', 5],
      ['advance', 'compare', 2, 100],
      ['expect', 'compare', 2],
      ['advance', 'compare', 2, 50],
    ]);
  });
});
