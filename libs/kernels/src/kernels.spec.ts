import { DTYPE_BITS, type Dtype, UnsupportedDtype, UsageError } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { KernelFailed } from './kernel-failed.js';
import { type Kernels, instantiateKernels } from './kernels.js';
import { NUMERIC_DTYPES, crossOracle, valuesOf } from './testing/oracle.js';
import { bf16, elementBytes, uniform32 } from './testing/tensors.js';

const BUILDS = [false, true].map((relaxed) => instantiateKernels({ memoryBytes: 16 << 20, relaxed }));

/** Copies bytes `offset` bytes behind an aligned pointer. */
function place(kernels: Kernels, bytes: Uint8Array, offset = 0): number {
  const pointer = kernels.allocate(bytes.length + offset) + offset;
  kernels.memory.set(bytes, pointer);
  return pointer;
}

function allPatterns(dtype: Dtype): Uint8Array {
  return DTYPE_BITS[dtype] === 8
    ? Uint8Array.from({ length: 256 }, (_, i) => i)
    : new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, i) => i).buffer);
}

describe.each(BUILDS)('kernels, relaxed $relaxed', (kernels) => {
  it.each(NUMERIC_DTYPES.filter((dtype) => DTYPE_BITS[dtype] <= 16))(
    'decodes every pattern of %s exactly',
    (dtype) => {
      kernels.reset();
      const bytes = allPatterns(dtype);
      const values = valuesOf({ bytes, dtype, shape: [bytes.length / (DTYPE_BITS[dtype] / 8)] });
      const sums = kernels.newPairSums();
      const a = place(kernels, bytes, 1);
      kernels.addPairSums(
        sums,
        a,
        dtype,
        place(kernels, new Uint8Array(values.buffer)),
        'F64',
        values.length,
      );
      expect(kernels.readPairSums(sums).equal).toBe(values.filter((value) => !Number.isNaN(value)).length);
    },
  );

  it('counts every 16-bit pattern, in any chunks and at any alignment', () => {
    kernels.reset();
    const next = uniform32(7);
    const patterns = Uint16Array.from({ length: 200_001 }, (_, i) => (i < 65_536 ? i : next()));
    const pointer = place(kernels, new Uint8Array(patterns.buffer), 1);
    const counts = kernels.newHistogram16();
    const expected = new Uint32Array(65_536);
    for (const pattern of patterns) expected[pattern] = (expected[pattern] ?? 0) + 1;
    for (let at = 0; at < patterns.length; at += 999) {
      kernels.addHistogram16(counts, pointer + 2 * at, Math.min(999, patterns.length - at));
      if (at === 9990) kernels.readHistogram16(counts);
    }
    expect(kernels.readHistogram16(counts)).toEqual(expected);
  });

  it('counts every 8-bit pattern', () => {
    kernels.reset();
    const bytes = Uint8Array.from({ length: 3_001 }, (_, i) => (i * i) >> 3);
    const counts = kernels.newHistogram8();
    kernels.addHistogram8(counts, place(kernels, bytes, 3), bytes.length);
    const expected = new Uint32Array(256);
    for (const byte of bytes) expected[byte] = (expected[byte] ?? 0) + 1;
    expect(kernels.readHistogram8(counts)).toEqual(expected);
  });

  it('gives moments of every type like the oracle', () => {
    fc.assert(
      fc.property(
        fc
          .record({
            dtype: fc.constantFrom(...NUMERIC_DTYPES),
            n: fc.integer({ min: 0, max: 40 }),
            offset: fc.nat(7),
          })
          .chain(({ dtype, n, offset }) =>
            fc.record({
              dtype: fc.constant(dtype),
              offset: fc.constant(offset),
              bytes: elementBytes(dtype, n, 0),
            }),
          ),
        ({ dtype, offset, bytes }) => {
          kernels.reset();
          const n = bytes.length / (DTYPE_BITS[dtype] / 8);
          const values = valuesOf({ bytes, dtype, shape: [n] });
          const finite = values.filter(Number.isFinite);
          const state = kernels.newMoments();
          kernels.addMoments(state, place(kernels, bytes, offset), dtype, n);
          const moments = kernels.readMoments(state);
          const sumOfSquares = finite.reduce((sum, value) => sum + value * value, 0);
          const magnitude = finite.reduce((sum, value) => sum + Math.abs(value), 0);
          expect(moments).toMatchObject({
            n,
            minimum: finite.length === 0 ? NaN : Math.min(...finite) + 0,
            maximum: finite.length === 0 ? NaN : Math.max(...finite) + 0,
            zeros: values.filter((value) => value === 0).length,
            nans: values.filter(Number.isNaN).length,
            infinities: values.filter((value) => Math.abs(value) === Infinity).length,
          });
          expect(Math.abs(moments.sum - finite.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(
            1e-14 * magnitude,
          );
          expect(Math.abs(moments.sumOfSquares - sumOfSquares)).toBeLessThanOrEqual(1e-14 * sumOfSquares);
        },
      ),
    );
  });

  it('gives the same bits however a tensor is cut into chunks of 1,024', () => {
    kernels.reset();
    const a = bf16([5_001], 1);
    const b = bf16([5_001], 2);
    const x = place(kernels, a.bytes, 1);
    const y = place(kernels, b.bytes, 3);
    const run = (chunk: number) => {
      const pairs = kernels.newPairSums();
      const moments = kernels.newMoments();
      for (let at = 0; at < 5_001; at += chunk) {
        const n = Math.min(chunk, 5_001 - at);
        kernels.addPairSums(pairs, x + 2 * at, 'BF16', y + 2 * at, 'BF16', n);
        kernels.addMoments(moments, x + 2 * at, 'BF16', n);
      }
      return { pairs: kernels.readPairSums(pairs), moments: kernels.readMoments(moments) };
    };
    const whole = run(5_001);
    expect(whole.pairs.n).toBe(5_001);
    for (const chunk of [1_024, 2_048, 4_096]) expect(run(chunk)).toEqual(whole);
  });

  it('multiplies matrices like the oracle', () => {
    for (const axis of [0, 1] as const) {
      kernels.reset();
      const a = bf16(axis === 0 ? [7, 1_111] : [1_111, 7], 3);
      const b = bf16(axis === 0 ? [5, 1_111] : [1_111, 5], 4);
      const operands = {
        a: place(kernels, a.bytes, 1),
        b: place(kernels, b.bytes),
        m: 7,
        n: 5,
        k: 1_111,
        axis,
      };
      const got = kernels.cross({ ...operands, aDtype: 'BF16', bDtype: 'BF16' });
      const { product, norms } = crossOracle(a, b, axis);
      expect(got.length).toBe(35);
      got.forEach((value, i) => {
        expect(Math.abs(value - (product[i] ?? NaN))).toBeLessThanOrEqual(1e-6 * (norms[i] ?? NaN));
      });
    }
  });
});

describe('instantiateKernels', () => {
  it('refuses what does not fit, and reuses memory after a reset', () => {
    const kernels = instantiateKernels({ memoryBytes: 1 << 20 });
    const first = kernels.allocate(1_000);
    kernels.memory[first] = 9;
    expect(first % 64).toBe(0);
    expect(() => kernels.allocate(2 << 20)).toThrow(KernelFailed);
    expect(() => kernels.allocate(-1)).toThrow(UsageError);
    kernels.reset();
    expect(kernels.allocate(10)).toBe(first);
    expect(kernels.memory[first]).toBe(0);
    expect(() => instantiateKernels({ memoryBytes: 2 ** 32 })).toThrow(UsageError);
    expect(() => instantiateKernels({ memoryBytes: NaN })).toThrow(UsageError);
  });

  it('refuses pointers outside of the memory and types without values', () => {
    const kernels = instantiateKernels({ memoryBytes: 2 << 20 });
    const counts = kernels.newHistogram16();
    expect(() => kernels.addHistogram16(counts, 0, 1)).toThrow(UsageError);
    expect(() => kernels.addHistogram16(counts, kernels.memory.length - 2, 2)).toThrow(UsageError);
    expect(() => kernels.addHistogram16(kernels.memory.length - 4, counts, 1)).toThrow(UsageError);
    expect(() => kernels.addHistogram16(counts, counts, 0.5)).toThrow(UsageError);
    const moments = kernels.newMoments();
    for (const dtype of ['C64', 'F4', 'F6_E2M3', 'F6_E3M2'] as const) {
      expect(() => kernels.addMoments(moments, counts, dtype, 1)).toThrow(UnsupportedDtype);
    }
  });
});
