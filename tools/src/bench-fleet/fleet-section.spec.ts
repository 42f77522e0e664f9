import { describe, expect, it } from 'vitest';
import { fleetSection, withSection } from './fleet-section.js';

const figures = {
  ...{ comparisons: 200, workMs: 30_000, pollers: 20, slots: 2, seconds: 157 },
  ...{ startSeconds: 3.5, comparingSeconds: 153, endSeconds: 0.5, largestHistory: 1_234_567 },
  ...{ heldSeconds: 6_060, runs: 1, children: 4, longestHistory: 1234, mostPending: 100 },
};

describe('fleetSection', () => {
  it('counts what is beyond the work of all slots', () => {
    const row = fleetSection('a machine', [figures])
      .split('\n')
      .find((line) => line.startsWith('| 200'));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(1, -1)).toEqual([
      ...[
        '200',
        '30',
        '20 × 2',
        '157',
        '3.5, 0.5',
        '1',
        '15.0',
        '2.0 %',
        '1.0 %',
        '1, 4',
        '1,234',
        '1.23',
        '100',
      ],
    ]);
  });

  it('tells no share of work that takes no time', () => {
    expect(fleetSection('', [{ ...figures, workMs: 0, heldSeconds: null }])).toContain(
      '| 765.0        |         |            | 1, 4',
    );
  });
});

describe('withSection', () => {
  it('replaces the section, or adds it', () => {
    const section = fleetSection('a machine', [figures]);
    const page = withSection('# Benchmarks\n', section);
    expect(page).toBe(`# Benchmarks\n\n${section}`);
    expect(withSection(`${page}\n## Other\n`, section)).toBe(`${page}\n## Other\n`);
  });
});
