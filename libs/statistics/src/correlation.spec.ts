import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { partialCorrelation, pearson, rawCosine, spearman } from './correlation.js';

describe('correlations of vectors', () => {
  it('centre for Pearson and not for the cosine', () => {
    const a = Float64Array.of(1, 2, 3);
    const b = Float32Array.of(2, 4, 9);
    expect(rawCosine(a, b)).toBeCloseTo(37 / Math.sqrt(14 * 101), 14);
    expect(pearson(a, b)).toBeCloseTo(7 / Math.sqrt(2 * 26), 14);
  });

  it('show why the cosine of norm weights says nothing: .99 for independent N(1, .1)', () => {
    const random = randomOf('norm weights');
    const weights = () => gaussians(random, 4096).map((x) => 1 + 0.1 * x);
    const a = weights();
    const b = weights();
    expect(rawCosine(a, b)).toBeGreaterThan(0.985);
    expect(Math.abs(pearson(a, b) ?? NaN)).toBeLessThan(4 / Math.sqrt(4095));
  });

  it('rank with ties shared for Spearman', () => {
    const a = Float64Array.of(1, 2, 2, 1000);
    expect(spearman(a, Float64Array.of(1, 2, 2, 3))).toBeCloseTo(1, 14);
    expect(spearman(a, Float64Array.of(4, 3, 3, -9))).toBeCloseTo(-1, 14);
    expect(spearman(a, Float64Array.of(1, 2, 3, 4))).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 14);
  });

  it('are undefined for constant or zero vectors, and refuse NaN', () => {
    expect(pearson(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBeNull();
    expect(rawCosine(Float64Array.of(0, 0), Float64Array.of(1, 2))).toBeNull();
    for (const measure of [pearson, spearman, rawCosine]) {
      expect(() => measure(Float64Array.of(1, NaN), Float64Array.of(1, 2))).toThrow(RangeError);
      expect(() => measure(Float64Array.of(1, 3), Float64Array.of(1, Infinity))).toThrow(RangeError);
      expect(() => measure(Float64Array.of(1, 3), Float64Array.of(1))).toThrow(RangeError);
    }
  });
});

describe('partialCorrelation', () => {
  it('removes what a common ancestor explains', () => {
    expect(partialCorrelation(0.72, 0.9, 0.8)).toBeCloseTo(0, 14);
    expect(partialCorrelation(0.5, 0, 0)).toBe(0.5);
    expect(partialCorrelation(0.5, 1, 0.5)).toBeNull();
    expect(() => partialCorrelation(1.1, 0, 0)).toThrow(RangeError);
    expect(() => partialCorrelation(NaN, 0, 0)).toThrow(RangeError);
  });
});
