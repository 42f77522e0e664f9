import { createWasmBackend } from '@jokbo/kernels';
import { pearson, rawCosine } from '@jokbo/statistics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gaussianWeights, syntheticModel } from '../specs/synthetic-model.js';
import { normContextEvidence } from './norm-context.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

it('shows raw cosine near one for any two models, beside a correlation near zero', async () => {
  const [a, b] = [gaussianWeights('a'), gaussianWeights('b')];
  const record = await normContextEvidence({
    component: 'norms',
    subject: syntheticModel('a', a),
    reference: syntheticModel('b', b),
    backend,
  });
  const pairs = a.flatMap((weight, index) =>
    weight.component === 'norms' ? [[weight.values, b[index]?.values ?? new Float64Array()] as const] : [],
  );
  const mean = (values: readonly (number | null)[]) =>
    values.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / values.length;
  expect(record).toMatchObject({ tier: 4, primary: false, z: null, r: null, tensors: 5 });
  expect(record.details.cosine).toBeCloseTo(mean(pairs.map(([x, y]) => rawCosine(x, y))), 12);
  expect(record.details.cosine).toBeGreaterThan(0.98);
  expect(record.details.pearson).toBeCloseTo(mean(pairs.map(([x, y]) => pearson(x, y))), 12);
  expect(record.details.pearson_max_abs).toBeLessThan(0.5);
});
