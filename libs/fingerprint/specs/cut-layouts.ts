import type { LogicalTensor, TensorCut } from '@jokbo/contracts';
import fc from 'fast-check';
import { logicalTensor } from './checkpoint-of.js';

/** One stored tensor and what it is made of. */
export interface CutLayout {
  readonly layout: string;
  readonly shape: readonly number[];
  readonly tensors: readonly LogicalTensor[];
}

export const STORED = 'stored.weight';

type Axis = 0 | 1 | null;
type Ranges = NonNullable<TensorCut['rows']>;

const axis = fc.constantFrom<Axis>(0, 1, null);
/** Mostly tiny, so that all kinds of pieces occur; now and then beyond the lists of pattern counters. */
const side = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 180 }) },
);
const few = fc.integer({ min: 1, max: 3 });

function part(
  name: string,
  shape: readonly number[],
  residualAxis: Axis,
  cut: TensorCut | null,
): LogicalTensor {
  return logicalTensor({ stored: STORED, role: name, shape, residualAxis, cut });
}

function consecutive(sizes: readonly number[], groups = 1): Ranges[] {
  const period = sizes.reduce((sum, size) => sum + size, 0);
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    return Array.from({ length: groups }, (_, group) => ({
      start: from + group * period,
      end: from + size + group * period,
    }));
  });
}

function interleaved(rows: number): Ranges[] {
  return [0, 1].map((start) => [{ start, end: rows, step: 2 }]);
}

const count = (ranges: Ranges): number =>
  ranges.reduce((sum, { start, end, step = 1 }) => sum + Math.ceil((end - start) / step), 0);

const matrix = fc.tuple(side, side, axis).map(([r, c, a]) => ({
  layout: 'matrix',
  shape: [r, c],
  tensors: [part('whole', [r, c], a, null)],
}));

const vector = fc.tuple(side, fc.constantFrom<Axis>(0, null)).map(([n, a]) => ({
  layout: 'vector',
  shape: [n],
  tensors: [part('whole', [n], a, null)],
}));

const fusedRows = fc.tuple(fc.tuple(side, side, side), few, side, axis).map(([sizes, groups, c, a]) => {
  const ranges = consecutive(sizes, groups);
  return {
    layout: 'fused rows',
    shape: [groups * sizes.reduce((x, y) => x + y), c],
    tensors: ranges.map((rows, at) => part(`part${at}`, [count(rows), c], a, { rows })),
  };
});

const interleavedRows = fc.tuple(side, side, axis).map(([r, c, a]) => ({
  layout: 'interleaved rows',
  shape: [2 * r, c],
  tensors: interleaved(2 * r).map((rows, at) => part(`part${at}`, [r, c], a, { rows })),
}));

const fusedBias = fc.tuple(fc.tuple(side, side, side), few).map(([sizes, groups]) => {
  const ranges = consecutive(sizes, groups);
  return {
    layout: 'fused bias',
    shape: [groups * sizes.reduce((x, y) => x + y)],
    tensors: ranges.map((rows, at) => part(`part${at}`, [count(rows)], at === 0 ? 0 : null, { rows })),
  };
});

const stackedBias = fc.tuple(few, side).map(([experts, n]) => ({
  layout: 'stacked bias',
  shape: [experts, n],
  tensors: Array.from({ length: experts }, (_, e) =>
    part(`expert${e}`, [n], 0, { rows: [{ start: e, end: e + 1 }] }),
  ),
}));

const stack = fc.tuple(few, side, side, axis, fc.boolean()).map(([experts, r, c, a, transpose]) => ({
  layout: transpose ? 'transposed stack' : 'stack',
  shape: [experts, r, c],
  tensors: Array.from({ length: experts }, (_, slice) =>
    part(`expert${slice}`, transpose ? [c, r] : [r, c], a, transpose ? { slice, transpose } : { slice }),
  ),
}));

const fusedStack = fc
  .tuple(few, side, side, axis, fc.boolean(), fc.boolean())
  .map(([experts, half, c, a, transpose, alternate]) => {
    const ranges = alternate ? interleaved(2 * half) : consecutive([half, half]);
    return {
      layout: `${alternate ? 'interleaved' : 'fused'} ${transpose ? 'transposed ' : ''}stack`,
      shape: transpose ? [experts, c, 2 * half] : [experts, 2 * half, c],
      tensors: Array.from({ length: experts }, (_, slice) =>
        ranges.map((rows, at) =>
          part(
            `expert${slice}.part${at}`,
            [half, c],
            a,
            transpose ? { slice, transpose, rows } : { slice, rows },
          ),
        ),
      ).flat(),
    };
  });

const conv1d = fc.tuple(fc.tuple(side, side, side), side, axis).map(([sizes, inputs, a]) => ({
  layout: 'transposed matrix of fused columns',
  shape: [inputs, sizes.reduce((x, y) => x + y)],
  tensors: consecutive(sizes).map((rows, at) =>
    part(`part${at}`, [count(rows), inputs], a, { transpose: true, rows }),
  ),
}));

const transposed = fc.tuple(side, side, axis).map(([r, c, a]) => ({
  layout: 'transposed matrix',
  shape: [r, c],
  tensors: [part('whole', [c, r], a, { transpose: true })],
}));

const patches = fc.tuple(side, fc.array(few, { minLength: 2, maxLength: 4 })).map(([width, inner]) => ({
  layout: 'flattened patches',
  shape: [width, ...inner],
  tensors: [part('whole', [width, inner.reduce((x, y) => x * y)], 0, null)],
}));

const merger = fc.tuple(side, few, side).map(([rows, joined, width]) => ({
  layout: 'merger of patches',
  shape: [rows, joined * width],
  tensors: [part('whole', [rows * joined, width], 1, null)],
}));

const empty = fc.constantFrom([0, 3], [3, 0], [0]).map((shape) => ({
  layout: 'empty',
  shape,
  tensors: [part('whole', shape, null, null)],
}));

const scalar = fc.constant({ layout: 'scalar', shape: [], tensors: [part('whole', [], null, null)] });

/** Layouts of matrices, which may have block scales. */
export const MATRIX_LAYOUTS: fc.Arbitrary<CutLayout> = fc.oneof(
  ...[matrix, fusedRows, interleavedRows, conv1d, transposed, merger],
);

export const LAYOUTS: fc.Arbitrary<CutLayout> = fc.oneof(
  ...[MATRIX_LAYOUTS, vector, fusedBias, stackedBias, stack, fusedStack, patches, empty, scalar],
);
