import {
  type BlockScales,
  DTYPE_BITS,
  type Dtype,
  MalformedCheckpoint,
  type PairSums,
  type TensorBackend,
  type TensorView,
  UnsupportedDtype,
  UsageError,
} from '@jokbo/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { allBackends } from './testing/backends.js';
import { NUMERIC_DTYPES, pairSumsOracle, valuesOf } from './testing/oracle.js';
import { bf16, elementBytes, uniform32, weights } from './testing/tensors.js';

let backends: TensorBackend[];
beforeAll(async () => {
  backends = await allBackends();
});
afterAll(async () => {
  await Promise.all(backends.map((backend) => backend.close()));
});

/** Runs all backends, checks that they agree to the bit, and returns their answer. */
async function onAll(a: TensorView, b: TensorView): Promise<PairSums> {
  const [first, ...others] = await Promise.all(backends.map((backend) => backend.pairSums(a, b)));
  if (first === undefined) throw new Error('no backend');
  for (const other of others) expect(other).toEqual(first);
  return first;
}

function expectLikeOracle(got: PairSums, a: TensorView, b: TensorView): void {
  const { sums, magnitudes } = pairSumsOracle(a, b);
  for (const key of ['n', 'equal', 'maxAbsDifference'] as const) expect(got[key], key).toBe(sums[key]);
  for (const key of ['sumA', 'sumB', 'sumAA', 'sumBB', 'sumAB', 'sumSquaredDifference'] as const) {
    if (Number.isFinite(magnitudes[key])) {
      expect(Math.abs(got[key] - sums[key]), key).toBeLessThanOrEqual(1e-12 * magnitudes[key]);
    } else expect(got[key], key).toBe(sums[key]);
  }
}

function scalesFor(
  rows: number,
  columns: number,
  blockRows: number,
  blockColumns: number,
  seed: number,
): BlockScales {
  const scaleRows = Math.ceil(rows / blockRows);
  const scaleColumns = Math.ceil(columns / blockColumns);
  return {
    values: weights(scaleRows * scaleColumns, seed),
    rows: scaleRows,
    columns: scaleColumns,
    blockRows,
    blockColumns,
  };
}

function randomBytes(dtype: Dtype, shape: readonly number[], seed: number): TensorView {
  const next = uniform32(seed);
  const count = shape.reduce((product, length) => product * length, 1);
  // Random bits of the wide types would overflow their squares; weights there.
  if (dtype === 'F32') return { bytes: new Uint8Array(weights(count, seed).buffer), dtype, shape };
  if (dtype === 'F64')
    return { bytes: new Uint8Array(Float64Array.from(weights(count, seed)).buffer), dtype, shape };
  const words = Uint32Array.from({ length: Math.ceil((count * DTYPE_BITS[dtype]) / 32) }, next);
  return { bytes: new Uint8Array(words.buffer, 0, (count * DTYPE_BITS[dtype]) / 8), dtype, shape };
}

describe('pairSums', () => {
  it('agrees with the oracle for every pair of types, edge values, odd lengths and unaligned starts', async () => {
    const tensors = fc
      .record({
        aDtype: fc.constantFrom(...NUMERIC_DTYPES),
        bDtype: fc.constantFrom(...NUMERIC_DTYPES),
        n: fc.integer({ min: 0, max: 67 }),
        offset: fc.nat(9),
        copied: fc.boolean(),
      })
      .chain(({ aDtype, bDtype, n, offset, copied }) =>
        fc
          .record({ a: elementBytes(aDtype, n, offset), b: elementBytes(bDtype, n, 9 - offset) })
          .map(({ a, b }): [TensorView, TensorView] => [
            { bytes: a, dtype: aDtype, shape: [n] },
            copied
              ? { bytes: Uint8Array.from(a), dtype: aDtype, shape: [n] }
              : { bytes: b, dtype: bDtype, shape: [n] },
          ]),
      );
    await fc.assert(
      fc.asyncProperty(tensors, async ([a, b]) => {
        expectLikeOracle(await onAll(a, b), a, b);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['BF16', 'BF16'],
    ['F16', 'F16'],
    ['F32', 'F32'],
    ['F64', 'F64'],
    ['BF16', 'F32'],
    ['F8_E4M3', 'BF16'],
    ['I64', 'U8'],
  ] as const)(
    'gives the same bits for %s and %s over several blocks on 1 and 3 threads',
    async (aDtype, bDtype) => {
      const a = randomBytes(aDtype, [600_001], 11);
      const b = randomBytes(bDtype, [600_001], 12);
      expectLikeOracle(await onAll(a, b), a, b);
    },
  );

  it('depends on the values alone, not on the type that stores them', async () => {
    const narrow = bf16([300_001], 5);
    const other = bf16([300_001], 6);
    const wide = (view: TensorView, dtype: 'F32' | 'F64'): TensorView => ({
      bytes: new Uint8Array((dtype === 'F32' ? Float32Array : Float64Array).from(valuesOf(view)).buffer),
      dtype,
      shape: view.shape,
    });
    const expected = await onAll(narrow, other);
    expect(await onAll(wide(narrow, 'F32'), wide(other, 'F32'))).toEqual(expected);
    expect(await onAll(wide(narrow, 'F64'), wide(other, 'F64'))).toEqual(expected);
    expect(await onAll(narrow, wide(other, 'F64'))).toEqual(expected);
  });

  it('multiplies block scales in exactly', async () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 1, max: 9 }),
      columns: fc.integer({ min: 1, max: 9 }),
      blockRows: fc.integer({ min: 1, max: 4 }),
      blockColumns: fc.integer({ min: 1, max: 4 }),
      both: fc.boolean(),
      seed: fc.nat(1e6),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ rows, columns, blockRows, blockColumns, both, seed }) => {
        const scales = scalesFor(rows, columns, blockRows, blockColumns, seed);
        const a = { ...randomBytes('F8_E4M3', [rows, columns], seed), scales };
        const b = both
          ? {
              ...randomBytes('F8_E4M3', [rows, columns], seed),
              scales: scalesFor(rows, columns, 2, 3, seed + 1),
            }
          : randomBytes('F64', [rows, columns], seed);
        expectLikeOracle(await onAll(a, b), a, b);
      }),
    );
    const scales = scalesFor(500, 1_200, 128, 128, 3);
    const large = { ...randomBytes('F8_E4M3', [500, 1_200], 4), scales };
    const other = bf16([500, 1_200], 5);
    expectLikeOracle(await onAll(large, other), large, other);
  });

  it('is exact where the tensors nearly agree', async () => {
    const a = bf16([400_000], 8);
    const b = { ...a, bytes: Uint8Array.from(a.bytes) };
    b.bytes[200_000] = (b.bytes[200_000] ?? 0) ^ 1;
    const sums = await onAll(a, b);
    const difference = Math.abs((valuesOf(a)[100_000] ?? NaN) - (valuesOf(b)[100_000] ?? NaN));
    expect(sums).toMatchObject({
      equal: 399_999,
      maxAbsDifference: difference,
      sumSquaredDifference: difference ** 2,
    });
  });

  it('refuses what it cannot pair', async () => {
    const [backend] = backends;
    const a = bf16([4], 1);
    await expect(backend?.pairSums(a, bf16([5], 1))).rejects.toThrow(UsageError);
    await expect(backend?.pairSums(a, { ...a, dtype: 'C64' })).rejects.toThrow(UnsupportedDtype);
    await expect(backend?.pairSums(a, { ...a, shape: [3] })).rejects.toThrow(MalformedCheckpoint);
    const scales = scalesFor(1, 3, 1, 1, 1);
    await expect(backend?.pairSums({ ...a, scales }, a)).rejects.toThrow(MalformedCheckpoint);
    const zero = { ...scalesFor(1, 4, 1, 1, 1), blockColumns: 0 };
    await expect(backend?.pairSums({ ...a, scales: zero }, a)).rejects.toThrow(MalformedCheckpoint);
  });
});
