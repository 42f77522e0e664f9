import { describe, expect, it } from 'vitest';
import { jointTraceOf } from '../specs/joint-trace-of.js';
import { factorOf, gaussianFactor, randomOf } from '../specs/simulated-factors.js';
import type { Factor } from './factor.js';
import { meanCorrelationVariance, vectorTrace } from './vector-trace.js';

function rowOf(factor: Factor, row: number): Factor {
  return {
    values: factor.values.slice(row * factor.units, (row + 1) * factor.units),
    features: 1,
    units: factor.units,
  };
}

describe('vectorTrace', () => {
  it('gives the z of the joint test', () => {
    const random = randomOf('vectors');
    const a = gaussianFactor(random, 6, 40);
    const b = gaussianFactor(random, 6, 40);
    const joint = jointTraceOf([0, 1, 2, 3, 4, 5].map((row) => [rowOf(a, row), rowOf(b, row)] as const));
    const vectors = vectorTrace(a, b);
    expect(Math.abs((vectors?.z ?? NaN) / (joint?.z ?? NaN) - 1)).toBeLessThan(1e-9);
    expect(vectors?.mean).toBeCloseTo(joint?.r ?? NaN, 12);
    expect(1 / (vectors?.variance ?? NaN)).toBeCloseTo(joint?.nEff ?? NaN, 8);
  });

  it('leaves constant vectors out of the mean', () => {
    const trace = vectorTrace(
      factorOf([
        [1, 1, 1, 1],
        [1, 2, 3, 5],
      ]),
      factorOf([
        [1, 5, 2, 1],
        [2, 4, 6, 10],
      ]),
    );
    expect(trace?.correlations[0]).toBeNull();
    expect(trace?.mean).toBeCloseTo(1, 12);
    expect(trace?.z).toBeCloseTo(Math.sqrt(3), 12);
    expect(trace?.vectors).toBe(1);
    expect(vectorTrace(factorOf([[1, 1, 1]]), factorOf([[1, 2, 3]]))).toBeNull();
    expect(() => vectorTrace(factorOf([[1, NaN, 1]]), factorOf([[1, 2, 3]]))).toThrow(RangeError);
  });
});

describe('meanCorrelationVariance', () => {
  it('is 1/(L(d − 1)) for uncorrelated vectors and 1/(d − 1) for equal ones', () => {
    const identity = Float64Array.of(1, 0, 0, 1);
    const ones = new Float64Array(4).fill(1);
    expect(meanCorrelationVariance(identity, identity, 2, 11)).toBeCloseTo(1 / 20, 14);
    expect(meanCorrelationVariance(ones, ones, 2, 11)).toBeCloseTo(1 / 10, 14);
  });
});
