import { type Dtype, type TensorBackend, type TensorView, UsageError } from '@jokbo/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KernelFailed } from './kernel-failed.js';
import { allBackends, bitsOf } from './testing/backends.js';
import { NUMERIC_DTYPES, crossOracle } from './testing/oracle.js';
import { bf16, elementBytes, toBf16, uniform32, weights } from './testing/tensors.js';

let backends: TensorBackend[];
beforeAll(async () => {
  backends = await allBackends();
});
afterAll(async () => {
  await Promise.all(backends.map((backend) => backend.close()));
});

async function onAll(a: TensorView, b: TensorView, axis: 0 | 1): Promise<Float64Array> {
  const [first, ...others] = await Promise.all(backends.map((backend) => backend.cross(a, b, axis)));
  if (first === undefined) throw new Error('no backend');
  for (const other of others) expect(Buffer.compare(bitsOf(other), bitsOf(first))).toBe(0);
  return first;
}

function expectLikeOracle(got: Float64Array, a: TensorView, b: TensorView, axis: 0 | 1): void {
  const { product, norms } = crossOracle(a, b, axis);
  expect(got.length).toBe(product.length);
  product.forEach((value, i) => {
    const norm = norms[i] ?? NaN;
    if (Number.isFinite(norm)) expect(Math.abs((got[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-6 * norm);
    else expect(got[i]).toBe(value);
  });
}

const shapeOf = (kept: number, k: number, axis: 0 | 1) => (axis === 0 ? [kept, k] : [k, kept]);

function float(dtype: 'F32' | 'F64', shape: readonly number[], values: (i: number) => number): TensorView {
  const count = shape.reduce((product, length) => product * length, 1);
  const numbers = Float64Array.from({ length: count }, (_, i) => values(i));
  return {
    bytes: new Uint8Array((dtype === 'F32' ? Float32Array.from(numbers) : numbers).buffer),
    dtype,
    shape,
  };
}

describe('cross', () => {
  it('agrees with the oracle for every pair of types, edge values and shapes', async () => {
    const cases = fc
      .record({
        aDtype: fc.constantFrom<Dtype>(...NUMERIC_DTYPES),
        bDtype: fc.constantFrom<Dtype>(...NUMERIC_DTYPES),
        m: fc.integer({ min: 0, max: 7 }),
        n: fc.integer({ min: 0, max: 7 }),
        k: fc.integer({ min: 0, max: 9 }),
        axis: fc.constantFrom<0 | 1>(0, 1),
        offset: fc.nat(5),
      })
      .chain(({ aDtype, bDtype, m, n, k, axis, offset }) =>
        fc
          .record({ a: elementBytes(aDtype, m * k, offset), b: elementBytes(bDtype, n * k, 5 - offset) })
          .map(({ a, b }) => ({
            a: { bytes: a, dtype: aDtype, shape: shapeOf(m, k, axis) },
            b: { bytes: b, dtype: bDtype, shape: shapeOf(n, k, axis) },
            axis,
          })),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ({ a, b, axis }) => {
        // F64 patterns reach 1e100, whose squares the oracle's norms still hold.
        expectLikeOracle(await onAll(a, b, axis), a, b, axis);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    [3, 5, 2_051, 0],
    [48, 48, 6_003, 0],
    [49, 50, 1_025, 1],
    [245, 10, 4_000, 0],
    [7, 483, 700, 1],
  ] as const)(
    'gives the same bits for BF16 %i x %i over %i, axis %i, in both builds on 1 and 3 threads',
    async (m, n, k, axis) => {
      const a = bf16(shapeOf(m, k, axis), 1);
      const b = bf16(shapeOf(n, k, axis), 2);
      expectLikeOracle(await onAll(a, b, axis), a, b, axis);
    },
  );

  it.each(['F32', 'F64'] as const)('gives the same bits for %s', async (dtype) => {
    for (const axis of [0, 1] as const) {
      const a = float(dtype, shapeOf(30, 2_001, axis), (i) => Math.sin(i * 0.7));
      const b = float(dtype, shapeOf(245, 2_001, axis), (i) => Math.cos(i * 1.3));
      expectLikeOracle(await onAll(a, b, axis), a, b, axis);
    }
  });

  it('holds a stripe of B beside several of A, over several blocks of k', async () => {
    const a = float('F64', [490, 2_600], (i) => Math.sin(i * 0.7));
    const b = float('F32', [250, 2_600], (i) => Math.cos(i * 1.3));
    expectLikeOracle(await onAll(a, b, 0), a, b, 0);
  });

  it('is exact for small integers', async () => {
    const next = uniform32(9);
    const integers = (count: number) => Int8Array.from({ length: count }, () => (next() % 15) - 7);
    const a: TensorView = {
      bytes: new Uint8Array(integers(60 * 2_000).buffer),
      dtype: 'I8',
      shape: [60, 2_000],
    };
    const b: TensorView = {
      bytes: new Uint8Array(integers(50 * 2_000).buffer),
      dtype: 'I8',
      shape: [50, 2_000],
    };
    expect(await onAll(a, b, 0)).toEqual(crossOracle(a, b, 0).product);
  });

  it('keeps its accuracy where products leave the range of f32', async () => {
    for (const magnitude of [1e-30, 1e25]) {
      const values = weights(40 * 3_000, 4);
      const a = float('F32', [40, 3_000], (i) => (values[i] ?? NaN) * magnitude);
      const b = float('F32', [30, 3_000], (i) => (values[i + 7] ?? NaN) * magnitude);
      expectLikeOracle(await onAll(a, b, 0), a, b, 0);
    }
  });

  it('gives the same bits where products are denormal, beside ordinary panels', async () => {
    const a = bf16([30, 1_500], 3);
    const tiny = weights(20 * 1_500, 4).map((value) => value * 2 ** -20);
    const b: TensorView = { bytes: toBf16(tiny), dtype: 'BF16', shape: [20, 1_500] };
    // The first panel of the first row of A: denormal, with all seven bits of significand.
    const patterns = new Uint16Array(a.bytes.buffer);
    for (let i = 0; i < 512; i++) patterns[i] = i % 128;
    patterns.fill(0, 512, 1_500);
    expectLikeOracle(await onAll(a, b, 0), a, b, 0);
  });

  it('multiplies block scales in', async () => {
    const scaled = (rows: number, columns: number, seed: number): TensorView => {
      const next = uniform32(seed);
      const size = { rows: Math.ceil(rows / 128), columns: Math.ceil(columns / 128) };
      return {
        // Exponents below the top one: no NaN.
        bytes: Uint8Array.from({ length: rows * columns }, () => next() & 0xf7),
        dtype: 'F8_E4M3',
        shape: [rows, columns],
        scales: {
          ...size,
          values: weights(size.rows * size.columns, seed),
          blockRows: 128,
          blockColumns: 128,
        },
      };
    };
    for (const axis of [0, 1] as const) {
      const a = axis === 0 ? scaled(245, 300, 5) : scaled(300, 245, 5);
      const b = axis === 0 ? scaled(130, 300, 6) : scaled(300, 130, 6);
      expectLikeOracle(await onAll(a, b, axis), a, b, axis);
    }
  });

  it.each([0, 1] as const)(
    'gives a Gram the bits of the product of two like views, axis %i',
    async (axis) => {
      for (const [kept, k] of [
        [250, 1_500],
        [490, 5_000],
        [721, 40],
      ] as const) {
        const a = bf16(shapeOf(kept, k, axis), 7);
        const gram = await onAll(a, a, axis);
        expect(Buffer.compare(bitsOf(gram), bitsOf(await onAll(a, { ...a }, axis)))).toBe(0);
        for (let i = 0; i < kept; i++)
          for (let j = 0; j < i; j++)
            if (gram[i * kept + j] !== gram[j * kept + i]) throw new Error(`${i}, ${j} is not symmetric`);
      }
    },
  );

  it.each(NUMERIC_DTYPES)(
    'gives a small Gram of %s the bits of the product of two like views',
    async (dtype) => {
      const cases = fc
        .record({ kept: fc.integer({ min: 1, max: 40 }), k: fc.integer({ min: 1, max: 9 }) })
        .chain(({ kept, k }) =>
          fc.record({
            axis: fc.constantFrom<0 | 1>(0, 1),
            kept: fc.constant(kept),
            k: fc.constant(k),
            bytes: elementBytes(dtype, kept * k, 0),
          }),
        );
      await fc.assert(
        fc.asyncProperty(cases, async ({ axis, kept, k, bytes }) => {
          const a: TensorView = { bytes, dtype, shape: shapeOf(kept, k, axis) };
          const gram = await onAll(a, a, axis);
          expect(Buffer.compare(bitsOf(gram), bitsOf(await onAll(a, { ...a }, axis)))).toBe(0);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('refuses unequal lengths and products beyond memory', async () => {
    await expect(backends[0]?.cross(bf16([2, 3], 1), bf16([2, 4], 1), 0)).rejects.toThrow(UsageError);
    const tall: TensorView = { bytes: new Uint8Array(0), dtype: 'BF16', shape: [2 ** 50, 0] };
    await expect(backends[0]?.cross(tall, tall, 1)).resolves.toEqual(new Float64Array(0));
    const wide: TensorView = { bytes: new Uint8Array(0), dtype: 'BF16', shape: [0, 2 ** 30] };
    await expect(backends[0]?.cross(wide, wide, 1)).rejects.toThrow(KernelFailed);
  });
});
