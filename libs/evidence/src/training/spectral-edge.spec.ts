import type { TensorBackend, TensorView } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestEigenvalue, log10TracyWidomP, spectralEdgeScore } from './spectral-edge.js';
import { normals, normalValues } from './testing/random-values.js';

let backend: TensorBackend;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const view = (values: Float32Array, rows: number, columns: number): TensorView => ({
  bytes: new Uint8Array(values.buffer),
  dtype: 'F32',
  shape: [rows, columns],
});

describe('largestEigenvalue', () => {
  it('is the one that a reflected diagonal was given', () => {
    for (const n of [1, 2, 3, 10, 40]) {
      const draw = normals(`symmetric ${n}`);
      const values = Array.from({ length: n }, draw);
      const mirror = Array.from({ length: n }, draw);
      const square = mirror.reduce((sum, value) => sum + value * value, 0);
      const reflection = (i: number, j: number): number =>
        (i === j ? 1 : 0) - (2 * (mirror[i] ?? 0) * (mirror[j] ?? 0)) / square;
      const matrix = Float64Array.from({ length: n * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return values.reduce((sum, value, k) => sum + reflection(i, k) * value * reflection(k, j), 0);
      });
      expect(largestEigenvalue(matrix, n)).toBeCloseTo(Math.max(...values), 9);
    }
    expect(largestEigenvalue(new Float64Array(9), 3)).toBe(0);
    expect(largestEigenvalue(Float64Array.of(2, 0, 0, 2), 2)).toBeCloseTo(2, 12);
  });
});

describe('spectralEdgeScore', () => {
  it('follows the Tracy–Widom law on random matrices', async () => {
    let beyond = 0;
    for (let run = 0; run < 1500; run += 1) {
      const score = await spectralEdgeScore(
        view(normalValues(16 * 128, 0.02, `edge ${run}`), 16, 128),
        0.02,
        backend,
      );
      if (log10TracyWidomP(score ?? NaN) < -2) beyond += 1;
    }
    // 15 expected of 1,500 at p 0.01.
    expect(beyond).toBeGreaterThan(3);
    expect(beyond).toBeLessThan(30);
  });

  it('finds a direction of rank one that adds a thousandth of the energy', async () => {
    const [rows, columns] = [256, 512];
    const values = normalValues(rows * columns, 1, 'spike');
    const left = normalValues(rows, 1, 'left');
    const right = normalValues(columns, 1, 'right');
    const planted = values.map(
      (value, at) =>
        value + Math.sqrt(0.015) * (left[Math.floor(at / columns)] ?? 0) * (right[at % columns] ?? 0),
    );
    const plain = await spectralEdgeScore(view(values, rows, columns), 1, backend);
    const spiked = await spectralEdgeScore(view(planted, rows, columns), 1, backend);
    expect(Math.abs(plain ?? NaN)).toBeLessThan(4);
    expect(log10TracyWidomP(spiked ?? NaN)).toBeLessThan(-8);
  });

  it('says nothing of a matrix of a few rows', async () => {
    expect(await spectralEdgeScore(view(new Float32Array(700), 7, 100), 1, backend)).toBeNull();
  });
});

describe('log10TracyWidomP', () => {
  // Published quantiles of the law of order 1: 0.99 at 2.0234, 0.999 at 3.2724.
  it.each([
    [2.0234, 0.01],
    [3.2724, 0.001],
  ])('is within a third of the tail at %f', (score, p) => {
    const ratio = 10 ** log10TracyWidomP(score) / p;
    expect(ratio).toBeGreaterThan(3 / 4);
    expect(ratio).toBeLessThan(4 / 3);
  });

  it('accuses nothing inside the edge', () => {
    expect(log10TracyWidomP(-3)).toBe(0);
    expect(log10TracyWidomP(1.99)).toBe(0);
  });
});
