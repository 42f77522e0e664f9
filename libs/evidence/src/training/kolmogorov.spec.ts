import { describe, expect, it } from 'vitest';
import { kolmogorovDistance, log10KolmogorovP } from './kolmogorov.js';
import { lawDistribution } from './law-distribution.js';
import { bf16Bytes } from './testing/memory-checkpoint.js';
import { normalValues } from './testing/random-values.js';
import { valueCells } from './value-cells.js';

const law = lawDistribution({ kind: 'normal', std: 0.02 });

function countsOf(values: Float32Array): Float64Array {
  const counts = new Float64Array(65_536);
  for (const pattern of new Uint16Array(bf16Bytes(values).buffer))
    counts[pattern] = (counts[pattern] ?? 0) + 1;
  return counts;
}

describe('kolmogorovDistance', () => {
  it('is the supremum over all cell edges, as computed edge by edge', () => {
    if (law === null) throw new Error('a normal has a distribution');
    const cells = valueCells('BF16');
    for (const count of [1, 2, 17, 3000]) {
      const counts = countsOf(normalValues(count, 0.021, `distance ${count}`));
      let below = 0;
      let plain = 0;
      cells.patterns.forEach((pattern, index) => {
        below += counts[pattern] ?? 0;
        plain = Math.max(plain, Math.abs(below / count - law.cumulative(cells.upper[index] ?? NaN)));
      });
      expect(kolmogorovDistance(counts, cells, law)).toEqual({ n: count, distance: plain });
    }
  });

  it('rejects a true start one time in twenty at 5 %, and another spread always', () => {
    if (law === null) throw new Error('a normal has a distribution');
    const cells = valueCells('BF16');
    let rejected = 0;
    for (let run = 0; run < 300; run += 1) {
      const { n, distance } = kolmogorovDistance(
        countsOf(normalValues(2048, 0.02, `null ${run}`)),
        cells,
        law,
      );
      if (log10KolmogorovP(distance, n) < Math.log10(0.05)) rejected += 1;
    }
    // 15 expected.
    expect(rejected).toBeGreaterThan(2);
    expect(rejected).toBeLessThan(30);
    const wide = kolmogorovDistance(countsOf(normalValues(20_000, 0.022, 'wide')), cells, law);
    expect(log10KolmogorovP(wide.distance, wide.n)).toBeLessThan(-6);
  });
});

describe('log10KolmogorovP', () => {
  // Kolmogorov's distribution: λ 1.3581 at 5 %, 1.6276 at 1 %, 1.9495 at 0.1 %.
  it.each([
    [1.3581, 0.05],
    [1.6276, 0.01],
    [1.9495, 0.001],
  ])('has its published quantile λ %f at p %f', (lambda, p) => {
    const n = 1e12;
    expect(10 ** log10KolmogorovP(lambda / Math.sqrt(n), n)).toBeCloseTo(p, 4);
  });

  it('is continuous where the series is cut to its first term, and finite far out', () => {
    const n = 1e12;
    const at = (lambda: number): number => log10KolmogorovP(lambda / Math.sqrt(n), n);
    expect(at(2.9999)).toBeCloseTo(at(3.0001), 2);
    expect(at(100) / (Math.log10(2) - 20_000 / Math.LN10)).toBeCloseTo(1, 5);
    expect(at(0.1)).toBe(0);
  });
});
