import type { TensorSummary } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { gaussians } from '../specs/gaussian.js';
import { syntheticModel } from '../specs/synthetic-model.js';
import { isComputedTable } from './computed-table.js';

const POSITIONS = 64;
const WIDTH = 32;

/** Whisper's table: sines in the first half of a row, cosines in the second. */
function sinusoids(): Float64Array {
  return Float64Array.from({ length: POSITIONS * WIDTH }, (_, at) => {
    const [position, column] = [Math.floor(at / WIDTH), at % WIDTH];
    const angle = position * 10_000 ** (-(column % (WIDTH / 2)) / (WIDTH / 2 - 1));
    return Math.fround(column < WIDTH / 2 ? Math.sin(angle) : Math.cos(angle));
  });
}

function table(values: Float64Array, axis: 0 | 1 | null = null, shape = [POSITIONS, WIDTH]): TensorSummary {
  const place = { scope: 'audio', layer: null, role: 'embed_positions', expert: null } as const;
  const model = syntheticModel('model', [{ ...place, component: 'audio', shape, axis, values }]);
  const [tensor] = model.tensors.values();
  if (tensor === undefined) throw new RangeError('the model has no tensor');
  return tensor;
}

describe('isComputedTable', () => {
  it('knows sinusoidal positions, also behind a row of zeros for a class token', () => {
    expect(isComputedTable(table(sinusoids()))).toBe(true);
    const padded = new Float64Array((POSITIONS + 1) * WIDTH);
    padded.set(sinusoids(), WIDTH);
    expect(isComputedTable(table(padded, null, [POSITIONS + 1, WIDTH]))).toBe(true);
  });

  it('knows masks', () => {
    const mask = Float64Array.from({ length: POSITIONS * WIDTH }, (_, at) => (at % 2 === 0 ? 0 : -1e9));
    expect(isComputedTable(table(mask))).toBe(true);
  });

  it('takes learned positions for weights, whatever their scale', () => {
    const learned = gaussians('positions', POSITIONS * WIDTH);
    expect(isComputedTable(table(learned.map((x) => Math.fround(0.02 * x))))).toBe(false);
    expect(isComputedTable(table(learned.map((x) => Math.fround(Math.SQRT1_2 * x))))).toBe(false);
  });

  it('takes a matrix of the residual stream for weights, whatever its values', () => {
    expect(isComputedTable(table(sinusoids(), 1))).toBe(false);
  });
});
