import { describe, expect, it } from 'vitest';
import { summariseNulls } from './summarise-nulls.js';

const of = (...z: number[]) => summariseNulls(z.map((value) => ({ z: value })));

describe('summariseNulls', () => {
  it('gives mean, spread and the inflation of the median', () => {
    const summary = of(-1, 1, -3, 3);
    expect(summary).toMatchObject({ draws: 4, mean: 0, largest: 3, beyond4: 0, beyond6: 0 });
    expect(summary.sd).toBeCloseTo(Math.sqrt(5), 12);
    expect(summary.lambda).toBeCloseTo(5 / 0.4549, 12);
  });

  it('counts both tails', () => {
    expect(of(-6, 4, 5.99, -3.99, 0)).toMatchObject({ largest: 6, beyond4: 3, beyond6: 1 });
    expect(() => of()).toThrow(RangeError);
  });
});
