import { createWasmBackend } from '@jokbo/kernels';
import { createRandom, rowProducts } from '@jokbo/statistics';
import { expect, it } from 'vitest';
import { factorProducts } from './factor-products.js';

it('makes what the plain product makes, of one factor and of two', async () => {
  const random = createRandom('fa'.repeat(32));
  const factor = (features: number) => ({
    values: Float64Array.from({ length: features * 1100 }, () => random.uint32() / 2 ** 31 - 1),
    features,
    units: 1100,
  });
  const [a, b] = [factor(5), factor(7)];
  const backend = await createWasmBackend({ threads: 0 });
  const products = factorProducts(backend);
  for (const other of [a, b]) {
    const found = await products(a, other);
    const wanted = rowProducts(a, other);
    expect(found).toHaveLength(wanted.length);
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[at] ?? NaN, 11);
    });
  }
  await backend.close();
});
