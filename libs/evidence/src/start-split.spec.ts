import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussians } from '../specs/gaussian.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { IDENTITY_MAP } from './layer-map.js';
import { pairTensors } from './paired-tensors.js';
import { startSplitEvidence } from './start-split.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 64, hidden: 64, layers: 1, experts: 0 };

/** A random start, and a strong direction that training adds. */
function trained(start: string, learned: string): Weight[] {
  return gaussianWeights(start, SHAPE).map((weight, index) => {
    const columns = weight.shape[1] ?? 1;
    const rows = gaussians(`${learned} rows ${index}`, weight.shape[0] ?? 1);
    const directions = gaussians(`${learned} columns ${index}`, columns);
    return {
      ...weight,
      values: weight.values.map(
        (x, at) => x + 3 * (rows[Math.floor(at / columns)] ?? 0) * (directions[at % columns] ?? 0),
      ),
    };
  });
}

function splitOf(a: readonly Weight[], b: readonly Weight[]) {
  const [subject, reference] = [syntheticModel('a', a), syntheticModel('b', b)];
  const { pairs } = pairTensors(subject, reference, 'mlp', IDENTITY_MAP);
  return startSplitEvidence({ component: 'mlp', subject, reference, backend }, pairs);
}

describe('startSplitEvidence', () => {
  it('finds a shared start with training of its own: bulk alike, leading part apart', async () => {
    const { details, primary, tensors } = await splitOf(trained('start', 'one'), trained('start', 'two'));
    expect(primary).toBe(false);
    expect(tensors).toBe(3);
    expect(details.r_bulk).toBeGreaterThan(0.8);
    expect(details.q).toBeLessThan(0.3);
  });

  it('finds descent: both parts alike', async () => {
    const { details } = await splitOf(trained('start', 'one'), trained('start', 'one'));
    expect(details.r_leading).toBeCloseTo(1, 9);
    expect(details.q).toBeCloseTo(1, 9);
  });

  it('has no q where the bulk is not alike', async () => {
    const { details } = await splitOf(trained('start', 'one'), trained('another', 'one'));
    expect(Math.abs(Number(details.r_bulk))).toBeLessThan(0.1);
  });

  it('does not apply to tensors too narrow to split', async () => {
    const narrow = gaussianWeights('narrow', { ...SHAPE, hidden: 4 });
    expect(await splitOf(narrow, narrow)).toMatchObject({ status: 'not_applicable', reason: 'no-remainder' });
  });
});
