import { describe, expect, it } from 'vitest';
import { fnv1a64, SEED_FORMULAS } from './seed-formulas.js';

describe('portable-normal-v1', () => {
  it('gives the test vector of a declared run', () => {
    const tensor = 'model.layers.0.self_attn.q_proj.weight';
    expect(fnv1a64(tensor)).toBe(0x3a296639dc11febbn);
    const unit = SEED_FORMULAS.get('portable-normal-v1')?.('20250801', tensor);
    const expected = [-1.2398075796745487, -0.700365627401449, 0.870552090774727, 0.2681051093327259];
    expected.forEach((value, element) => expect(unit?.(element)).toBeCloseTo(value, 14));
  });

  it('takes seeds of 64 bits, and gives each tensor its own values', () => {
    const formula = SEED_FORMULAS.get('portable-normal-v1');
    const values = ['a', 'b'].map((name) => formula?.('18446744073709551615', name)(3) ?? NaN);
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
    expect(values[0]).not.toBe(values[1]);
  });
});
