import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussians, randomOf } from '../specs/simulated-factors.js';
import { linearAssignment, type Assignment, type CostMatrix } from './assignment.js';

/** Best sum over every way to give rows distinct columns. */
function exhaustive({ values, rows, columns }: CostMatrix, better: (x: number, y: number) => number): number {
  const from = (row: number, taken: number): number => {
    if (row === rows) return 0;
    let best: number | null = null;
    for (let j = 0; j < columns; j += 1) {
      if ((taken >> j) & 1) continue;
      const sum = (values[row * columns + j] ?? NaN) + from(row + 1, taken | (1 << j));
      best = best === null ? sum : better(best, sum);
    }
    return best ?? NaN;
  };
  return from(0, 0);
}

function expectAssignment({ values, rows, columns }: CostMatrix, { columnOfRow, total }: Assignment): void {
  expect(columnOfRow).toHaveLength(rows);
  expect(new Set(columnOfRow).size).toBe(rows);
  expect(Math.max(...columnOfRow)).toBeLessThan(columns);
  let sum = 0;
  columnOfRow.forEach((j, i) => (sum += values[i * columns + j] ?? NaN));
  expect(total).toBe(sum);
}

/** Weak duality: feasible duals that add up to the total prove that no assignment is cheaper. */
function expectOptimal(costs: CostMatrix, found: Assignment, slack: number): void {
  const { values, rows, columns } = costs;
  expectAssignment(costs, found);
  const sum = (duals: Float64Array) => duals.reduce((total, dual) => total + dual, 0);
  expect(Math.abs(sum(found.rowDuals) + sum(found.columnDuals) - found.total)).toBeLessThanOrEqual(
    slack * rows,
  );
  let worst = Infinity;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) {
      const reduced =
        (values[i * columns + j] ?? NaN) - (found.rowDuals[i] ?? NaN) - (found.columnDuals[j] ?? NaN);
      worst = Math.min(worst, reduced);
    }
  }
  expect(worst).toBeGreaterThanOrEqual(-slack);
  const used = new Set(found.columnOfRow);
  found.columnDuals.forEach((dual, j) => {
    if (rows < columns) expect(dual).toBeLessThanOrEqual(0);
    if (!used.has(j)) expect(dual).toBe(0);
  });
}

const small = fc
  .integer({ min: 1, max: 6 })
  .chain((rows) => fc.record({ rows: fc.constant(rows), columns: fc.integer({ min: rows, max: 7 }) }));

describe('linearAssignment', () => {
  it('is the best of all assignments, with ties and negative costs', () => {
    const tied = small.chain(({ rows, columns }) =>
      fc
        .array(fc.integer({ min: -3, max: 3 }), { minLength: rows * columns, maxLength: rows * columns })
        .map((costs) => ({ values: Float64Array.from(costs), rows, columns })),
    );
    fc.assert(
      fc.property(tied, (costs) => {
        const cheapest = linearAssignment(costs);
        expectOptimal(costs, cheapest, 0);
        expect(cheapest.total).toBe(exhaustive(costs, Math.min));
        const dearest = linearAssignment(costs, 'maximum');
        expectAssignment(costs, dearest);
        expect(dearest.total).toBe(exhaustive(costs, Math.max));
      }),
      { numRuns: 300 },
    );
  });

  it('is the best of all 5,040 permutations of seven columns', () => {
    const random = randomOf('seven');
    for (let round = 0; round < 20; round += 1) {
      const costs = { values: gaussians(random, 49), rows: 7, columns: 7 };
      expect(linearAssignment(costs).total).toBeCloseTo(exhaustive(costs, Math.min), 12);
      expect(linearAssignment(costs, 'maximum').total).toBeCloseTo(exhaustive(costs, Math.max), 12);
    }
  });

  it('proves itself by its duals at n = 300, independent, structured and near a permutation', () => {
    const random = randomOf('three hundred');
    const n = 300;
    const noise = gaussians(random, n * n);
    const a = gaussians(random, n);
    const b = gaussians(random, n);
    for (const values of [
      noise,
      noise.map((x, at) => x + (at % (n + 1) === 0 ? -4 : 0)),
      noise.map((x, at) => 0.1 * x + (a[Math.floor(at / n)] ?? NaN) * (b[at % n] ?? NaN)),
      noise.map((_, at) => Math.floor(at / n) * (at % n)),
      noise.map((x) => Math.round(2 * x)),
    ]) {
      const costs = { values, rows: n, columns: n };
      expectOptimal(costs, linearAssignment(costs), 1e-9);
    }
  });

  it('proves itself by its duals with more columns than rows', () => {
    const random = randomOf('rectangular');
    for (const [rows, columns] of [
      [1, 1],
      [1, 9],
      [150, 151],
      [150, 600],
    ] as const) {
      const costs = { values: gaussians(random, rows * columns), rows, columns };
      expectOptimal(costs, linearAssignment(costs), 1e-12);
    }
  });

  it('has duals of the other sign when it maximises', () => {
    const costs = { values: gaussians(randomOf('dual'), 40 * 50), rows: 40, columns: 50 };
    const { rowDuals, columnDuals, total } = linearAssignment(costs, 'maximum');
    costs.values.forEach((value, at) => {
      const bound = (rowDuals[Math.floor(at / 50)] ?? NaN) + (columnDuals[at % 50] ?? NaN);
      expect(bound).toBeGreaterThanOrEqual(value - 1e-12);
    });
    const sum = [...rowDuals, ...columnDuals].reduce((x, y) => x + y, 0);
    expect(sum).toBeCloseTo(total, 10);
  });

  it('finds a planted permutation, and reads f32 as it is', () => {
    const random = randomOf('planted');
    const n = 64;
    const planted = Array.from({ length: n }, (_, i) => (i * 37) % n);
    const cosines = gaussians(random, n * n).map(
      (x, at) => 0.05 * x + (planted[Math.floor(at / n)] === at % n ? 0.5 : 0),
    );
    const single = { values: Float32Array.from(cosines), rows: n, columns: n };
    expect(Array.from(linearAssignment(single, 'maximum').columnOfRow)).toEqual(planted);
    const copied = linearAssignment({ ...single, values: Float64Array.from(single.values) }, 'maximum');
    expect(linearAssignment(single, 'maximum')).toEqual(copied);
  });

  it('gives the same assignment for the same costs, all equal ones included', () => {
    const costs = { values: new Float64Array(50 * 60).fill(2), rows: 50, columns: 60 };
    const first = linearAssignment(costs);
    expectOptimal(costs, first, 0);
    expect(linearAssignment({ ...costs, values: costs.values.slice() })).toEqual(first);
  });

  it('refuses what it cannot solve', () => {
    const matrix = (values: number[], rows: number, columns: number) => ({
      values: Float64Array.from(values),
      rows,
      columns,
    });
    expect(() => linearAssignment(matrix([1, 2], 2, 1))).toThrow(RangeError);
    expect(() => linearAssignment(matrix([1, 2, 3], 2, 2))).toThrow(RangeError);
    expect(() => linearAssignment(matrix([1, NaN, 3, 4], 2, 2))).toThrow(/row 0, column 1 is NaN/);
    expect(() => linearAssignment(matrix([1, 2, Infinity, 4], 2, 2))).toThrow(RangeError);
    expect(() => linearAssignment(matrix([1, 2, -(2 ** 901), 4], 2, 2))).toThrow(RangeError);
    const large = 2 ** 900;
    expect(linearAssignment(matrix([large, -large, -large, large], 2, 2)).total).toBe(-2 * large);
    expect(() => linearAssignment(matrix([], 0, 0))).toThrow(RangeError);
  });
});
