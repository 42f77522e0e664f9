import { describe, expect, it } from 'vitest';
import { rawCosine } from './correlation.js';
import { rawCosines } from './raw-cosines.js';
import { createRandom } from './random.js';

const SEED = 'c0'.repeat(32);

describe('rawCosines', () => {
  it('gives the cosine of every two rows, and null beside a row of zeros', async () => {
    const random = createRandom(SEED);
    const rows = (features: number) => ({
      values: Float64Array.from({ length: features * 5 }, () => random.uint32() / 2 ** 31 - 1),
      features,
      units: 5,
    });
    const [a, b] = [rows(3), rows(4)];
    b.values.fill(0, 5, 10);
    const row = ({ values, units }: typeof a, at: number) => values.subarray(at * units, (at + 1) * units);
    const found = await rawCosines(a, b);
    expect(found).toHaveLength(12);
    for (const [cell, cosine] of found.entries()) {
      const wanted = rawCosine(row(a, Math.floor(cell / 4)), row(b, cell % 4));
      if (wanted === null) expect(cosine).toBeNull();
      else expect(cosine).toBeCloseTo(wanted, 14);
    }
    expect(found.filter((cosine) => cosine === null)).toHaveLength(3);
  });

  it('refuses what has no cosine', async () => {
    const one = { values: Float64Array.of(1, 2), features: 1, units: 2 };
    await expect(rawCosines(one, { values: Float64Array.of(1), features: 1, units: 1 })).rejects.toThrow(
      RangeError,
    );
    await expect(rawCosines(one, { ...one, values: Float64Array.of(1, NaN) })).rejects.toThrow(RangeError);
  });
});
