import { describe, expect, it } from 'vitest';
import { gaussianFactor, randomOf } from '../specs/simulated-factors.js';
import { centredSquares, doubleCentre } from './double-centre.js';
import { centreFeatures } from './factor.js';
import { squaredNorm, unitCross } from './matrix-products.js';

const random = randomOf('double centre');
const a = gaussianFactor(random, 6, 11);
const b = gaussianFactor(random, 6, 11);
const wanted = unitCross(centreFeatures(a), centreFeatures(b));

describe('doubleCentre', () => {
  it('equals centring each feature of both factors, and is idempotent', () => {
    const cross = unitCross(a, b);
    for (let pass = 0; pass < 2; pass += 1) {
      doubleCentre(cross, 11);
      cross.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] ?? NaN, 12));
    }
  });

  it('has a form that leaves the matrix alone', () => {
    const cross = unitCross(a, b);
    const before = Float64Array.from(cross);
    const squares = centredSquares(cross, 11);
    expect(squares.raw).toBeCloseTo(squaredNorm(cross), 10);
    expect(squares.centred).toBeCloseTo(squaredNorm(wanted), 10);
    expect(squares.trace).toBeCloseTo(
      wanted.reduce((sum, value, at) => (at % 12 === 0 ? sum + value : sum), 0),
      11,
    );
    expect(cross).toEqual(before);
  });

  it('refuses NaN and wrong shapes', () => {
    expect(() => doubleCentre(Float64Array.of(1, 2, NaN, 4), 2)).toThrow(RangeError);
    expect(() => centredSquares(Float64Array.of(1, 2, Infinity, 4), 2)).toThrow(RangeError);
    expect(() => doubleCentre(new Float64Array(5), 2)).toThrow(RangeError);
  });
});
