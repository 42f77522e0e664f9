import { describe, expect, it } from 'vitest';
import { summed } from './activity-times.js';

describe('summed', () => {
  it('adds up what activities of a name waited and ran, in the order of their start', () => {
    const spans = [
      { name: 'compare', scheduled: 3_000, started: 3_500, ended: 5_500 },
      { name: 'plan', scheduled: 1_250, started: 1_500, ended: 2_000 },
      { name: 'compare', scheduled: 3_000, started: 5_000, ended: 6_000 },
    ];
    expect(summed(spans, 1_000)).toEqual([
      { name: 'plan', count: 1, from: 0.25, until: 1, waited: 0.25, ran: 0.5 },
      { name: 'compare', count: 2, from: 2, until: 5, waited: 2.5, ran: 3 },
    ]);
  });

  it('is empty without any', () => {
    expect(summed([], 0)).toEqual([]);
  });
});
