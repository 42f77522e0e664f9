import { describe, expect, it } from 'vitest';
import { qqPlots } from './qq-plot.js';

const circles = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('qqPlots', () => {
  it('puts the median of a sample at the median of the normal, and values at their height', () => {
    const points = circles(qqPlots([{ title: 'three', z: [6, 0, -6] }]));
    expect(points.map(([, y]) => y)).toEqual([284, 160, 36]);
    expect(points[1]?.[0]).toBe(160);
    expect(points[0]?.[0]).toBeLessThan(160);
  });

  it('draws every point of the tails of a large sample, and few of its middle', () => {
    const z = Array.from({ length: 20_000 }, (_, index) => index / 10_000 - 1);
    expect(circles(qqPlots([{ title: 'many', z }])).length).toBeLessThan(800);
  });
});
