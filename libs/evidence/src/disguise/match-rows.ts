import { createHash } from 'node:crypto';
import type { TensorBackend } from '@jokbo/contracts';
import { createRandom, identityPermutation, linearAssignment, shuffle, type Factor } from '@jokbo/statistics';
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

/**
 * The same with the rows of the other side in a seeded order: the pairs are those of `matchRows` but for ties, which it
 * resolves in the order in which rows lie. Two matchings that shall agree by their values alone, one by each of these,
 * agree on tied rows (dead or padded units, which answer nothing) as often as any random order would.
 */
export async function matchReorderedRows(
  own: Factor,
  other: Factor,
  backend: TensorBackend,
  similarity: Similarity = 'cosine',
): Promise<RowPairs> {
  const order = identityPermutation(other.features);
  shuffle(order, createRandom(createHash('sha256').update(`tied-rows|${other.features}`).digest('hex')));
  const values = new Float64Array(other.values.length);
  order.forEach((row, at) => {
    values.set(other.values.subarray(row * other.units, (row + 1) * other.units), at * other.units);
  });
  const pairs = await matchRows(own, { ...other, values }, backend, similarity);
  return { own: pairs.own, other: pairs.other.map((at) => order[at] ?? NaN) };
}
