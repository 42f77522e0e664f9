import { boundedCorrelation } from './effect-size.js';
import { checkFactor, checkFinite, type Factor } from './factor.js';
import { dot } from './matrix-products.js';
import { rowProducts, type RowProducts } from './row-products.js';

/**
 * Raw cosine of every row of A with every row of B, row-major; null where one of them is zero. Context only: it has no
 * null of its own.
 *
 * @param products makes the products of the rows.
 * @throws RangeError when the units differ, a shape does not fit or a value is not finite.
 */
export async function rawCosines(
  a: Factor,
  b: Factor,
  products: RowProducts = rowProducts,
): Promise<(number | null)[]> {
  const [normsA, normsB] = [rowNorms(a), rowNorms(b)];
  const inner = await products(a, b);
  return Array.from(inner, (product, cell) => {
    const norms = (normsA[Math.floor(cell / b.features)] ?? NaN) * (normsB[cell % b.features] ?? NaN);
    return norms > 0 ? boundedCorrelation(product / norms) : null;
  });
}

function rowNorms(factor: Factor): number[] {
  checkFactor(factor);
  const { values, features, units } = factor;
  return Array.from({ length: features }, (_, row) =>
    checkFinite('norm of a row', Math.sqrt(dot(values, row * units, values, row * units, units))),
  );
}
