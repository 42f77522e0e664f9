import type { EvidenceRecord, TensorSummary } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { leavesQuestion } from './measure-comparison.js';

type Tensors = readonly Pick<TensorSummary, 'sample' | 'residual_axis'>[];

const kept = (features: number): Tensors => [
  {
    residual_axis: 1,
    sample: {
      ...{ features, units: 8, dtype: 'BF16', of: 64, granule: 1, indices: null, by: 'index' },
      digest: 'a'.repeat(64),
    },
  },
];
const part = { tensors: kept(32) };
const whole = { tensors: kept(64) };
const leftOut = { tensors: [{ residual_axis: 0, sample: null }] satisfies Tensors };
const withoutAxis = { tensors: [{ residual_axis: null, sample: null }] satisfies Tensors };

type Primary = Pick<EvidenceRecord, 'primary' | 'mode' | 'z'>;
const primary = (z: number | null, more: Partial<Primary> = {}): Primary => ({
  ...{ primary: true, mode: 'sampled', z },
  ...more,
});

describe('leavesQuestion', () => {
  it.each([3.999, -3.999, 8, -8, 40, null])('has the answer at z %s', (z) => {
    expect(leavesQuestion([primary(0), primary(z)], part, part)).toBe(false);
  });

  it.each([4, -4, 7.999, -7.999])('is open at z %s', (z) => {
    expect(leavesQuestion([primary(40), primary(z)], part, part)).toBe(true);
  });

  it('looks at sampled primaries alone', () => {
    expect(leavesQuestion([primary(5, { primary: false })], part, part)).toBe(false);
    expect(leavesQuestion([primary(5, { mode: 'full' })], part, part)).toBe(false);
  });

  it('is open where the sample of either model left something out', () => {
    expect(leavesQuestion([primary(5)], whole, whole)).toBe(false);
    expect(leavesQuestion([primary(5)], whole, part)).toBe(true);
    expect(leavesQuestion([primary(5)], part, whole)).toBe(true);
    expect(leavesQuestion([primary(5)], whole, leftOut)).toBe(true);
    expect(leavesQuestion([primary(5)], whole, withoutAxis)).toBe(false);
  });
});
