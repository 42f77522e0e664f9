import type { TensorBackend } from '@jokbo/contracts';
import { linearAssignment, type Factor } from '@jokbo/statistics';
import { productOfRows } from './matrix-product.js';

/** Matched rows of two sides, in the order of the side with fewer. */
export interface RowPairs {
  readonly own: readonly number[];
  readonly other: readonly number[];
}

/** What is assigned: cosines, or their sizes where a sign is no difference. */
export type Similarity = 'cosine' | 'size';

/**
 * MATCH of Zhu et al. (2025, arXiv 2502.12292): linear assignment of largest Σ cosine of rows of unit norm, rectangular
 * where one side has more rows.
 */
export async function matchRows(
  own: Factor,
  other: Factor,
  backend: TensorBackend,
  similarity: Similarity = 'cosine',
): Promise<RowPairs> {
  const swapped = own.features > other.features;
  const [few, many] = swapped ? [other, own] : [own, other];
  const cosines = await productOfRows(few, many, backend);
  const values = similarity === 'size' ? cosines.map(Math.abs) : cosines;
  const { columnOfRow } = linearAssignment({ values, rows: few.features, columns: many.features }, 'maximum');
  const rows = Array.from(columnOfRow, (_, row) => row);
  const columns = [...columnOfRow];
  return swapped ? { own: columns, other: rows } : { own: rows, other: columns };
}
