import type { TensorBackend } from '@jokbo/contracts';
import { linearAssignment, squaredNorm, type Factor } from '@jokbo/statistics';
import type { RowPairs } from './match-rows.js';
import { productOfRows } from './matrix-product.js';

/** Rows of a projection, head after head, and how many heads they are. */
export interface Heads {
  readonly factor: Factor;
  readonly count: number;
}

/**
 * Which head is which, by the overlap of the spaces that their rows span: assignment of largest Σ ‖A_i·B_j'‖²_F, both
 * sides of unit ‖A_i·A_i'‖_F. Blind to any orthogonal mixing of the channels of a head, such as rotary pairs turned or
 * interleaved. Rectangular where one side has more heads.
 */
export async function matchHeads(own: Heads, other: Heads, backend: TensorBackend): Promise<RowPairs> {
  const swapped = own.count > other.count;
  const [few, many] = swapped ? [other, own] : [own, other];
  const scalesFew = await selfOverlaps(few, backend);
  const scalesMany = await selfOverlaps(many, backend);
  const product = await productOfRows(few.factor, many.factor, backend);
  const values = new Float64Array(few.count * many.count);
  const [rows, columns] = [few.factor.features / few.count, many.factor.features / many.count];
  product.forEach((value, at) => {
    const head = Math.floor(Math.floor(at / many.factor.features) / rows);
    const partner = Math.floor((at % many.factor.features) / columns);
    const cell = head * many.count + partner;
    values[cell] = (values[cell] ?? NaN) + value * value;
  });
  values.forEach((value, cell) => {
    const scale = (scalesFew[Math.floor(cell / many.count)] ?? NaN) * (scalesMany[cell % many.count] ?? NaN);
    values[cell] = scale > 0 ? value / scale : 0;
  });
  const { columnOfRow } = linearAssignment({ values, rows: few.count, columns: many.count }, 'maximum');
  const heads = Array.from(columnOfRow, (_, head) => head);
  const partners = [...columnOfRow];
  return swapped ? { own: partners, other: heads } : { own: heads, other: partners };
}

/** ‖A_i·A_i'‖_F of every head. */
async function selfOverlaps({ factor, count }: Heads, backend: TensorBackend): Promise<number[]> {
  const overlaps: number[] = [];
  for (let head = 0; head < count; head += 1) {
    const rows = headRows(factor, count, [head]);
    overlaps.push(Math.sqrt(squaredNorm(await productOfRows(rows, rows, backend))));
  }
  return overlaps;
}

/** The rows of chosen heads, in their order. */
export function headRows(factor: Factor, count: number, heads: readonly number[]): Factor {
  const { values, features, units } = factor;
  const size = (features / count) * units;
  const chosen = new Float64Array(heads.length * size);
  heads.forEach((head, at) => chosen.set(values.subarray(head * size, (head + 1) * size), at * size));
  return { values: chosen, features: (heads.length * features) / count, units };
}
