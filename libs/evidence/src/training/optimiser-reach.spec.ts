import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adamStepBound, optimiserReach, rateSum } from './optimiser-reach.js';

/** |m̂|/√v̂ after the last of these gradients. */
function adamStep(gradients: readonly number[], beta1: number, beta2: number): number {
  let m = 0;
  let v = 0;
  for (const gradient of gradients) {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient * gradient;
  }
  const t = gradients.length;
  return Math.abs(m / (1 - beta1 ** t)) / Math.sqrt(v / (1 - beta2 ** t));
}

describe('adamStepBound', () => {
  it('is 1 at the first step, and 1.165 at .9/.95, 7.27 at .9/.999 in the limit', () => {
    expect(adamStepBound(0.9, 0.95, 1)).toBeCloseTo(1, 12);
    expect(adamStepBound(0.9, 0.95, 100_000)).toBeCloseTo(1.1648, 3);
    expect(adamStepBound(0.9, 0.999, 100_000)).toBeCloseTo(7.27, 2);
  });

  it('is never passed, whatever the gradients', () => {
    const gradient = fc.oneof(
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 1e6),
      fc.constantFrom(1e-12, 1e9, -1e9, 0),
    );
    fc.assert(
      fc.property(
        fc.array(gradient, { minLength: 1, maxLength: 60 }),
        fc.constantFrom([0.9, 0.95], [0.9, 0.999], [0, 0.5], [0.5, 0.3]),
        (gradients, [beta1 = 0, beta2 = 0]) => {
          const step = adamStep(gradients, beta1, beta2);
          if (!Number.isFinite(step)) return;
          expect(step).toBeLessThanOrEqual(
            (adamStepBound(beta1, beta2, gradients.length) ?? NaN) * (1 + 1e-9),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is reached by the gradients of equality in Cauchy–Schwarz', () => {
    const [beta1, beta2, t] = [0.9, 0.95, 40];
    const gradients = Array.from({ length: t }, (_, index) => (beta1 / beta2) ** (t - 1 - index));
    expect(adamStep(gradients, beta1, beta2)).toBeCloseTo(adamStepBound(beta1, beta2, t) ?? NaN, 10);
  });

  it('knows of no bound where the first moment outlasts the second', () => {
    expect(adamStepBound(0.99, 0.9, 5)).toBeNull();
    expect(optimiserReach({ beta1: 0.99, beta2: 0.9, weightDecay: 0 }, () => 1, 0, 1)).toBeNull();
    expect(optimiserReach({ beta1: null, beta2: 0.9, weightDecay: 0 }, () => 1, 0, 1)).toBeNull();
  });
});

describe('optimiserReach', () => {
  it('adds up rates over the steps between, and one more', () => {
    const reach = optimiserReach({ beta1: 0.9, beta2: 0.95, weightDecay: 0.1 }, (step) => step, 2, 4);
    const bounds = [3, 4, 5].map((update) => adamStepBound(0.9, 0.95, update) ?? NaN);
    expect(reach?.rate).toBe(9);
    expect(reach?.decay).toBeCloseTo(0.9, 12);
    expect(reach?.element).toBeCloseTo(
      2 * (bounds[0] ?? 0) + 3 * (bounds[1] ?? 0) + 4 * (bounds[2] ?? 0),
      12,
    );
    expect(rateSum((step) => step, 2, 4)).toBe(5);
  });
});
