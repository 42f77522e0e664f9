import { checkFactor, type Factor, type Values } from './factor.js';

/** Makes the product of the rows of two factors over their units, as {@link rowProducts} does. */
export type RowProducts = (a: Factor, b: Factor) => Float64Array | Promise<Float64Array>;

/** Rows of either side that are multiplied together: eight sums and six operands fit the registers. */
const ROWS_A = 2;
const ROWS_B = 4;

/** Rows of B and units of either side that stay in cache while all of A passes: 32 × 512 × 8 bytes. */
const BLOCK_B = 32;
const BLOCK_UNITS = 512;

/**
 * Product of the rows of two factors over their units: C[f][g] = Σ_u a[f][u] · b[g][u], features of A × features of
 * B, row-major f64, summed in the order of the units by blocks of 512. The cosine matrix where rows have unit norm.
 *
 * @throws RangeError when the units differ or a shape does not fit.
 */
export function rowProducts(a: Factor, b: Factor): Float64Array {
  checkFactor(a);
  checkFactor(b);
  if (a.units !== b.units) throw new RangeError(`row products of ${a.units} and ${b.units} units`);
  const products = new Float64Array(a.features * b.features);
  const wholeA = a.features - (a.features % ROWS_A);
  for (let unit = 0; unit < a.units; unit += BLOCK_UNITS) {
    const length = Math.min(BLOCK_UNITS, a.units - unit);
    for (let block = 0; block < b.features; block += BLOCK_B) {
      const last = Math.min(block + BLOCK_B, b.features);
      const whole = last - ((last - block) % ROWS_B);
      for (let f = 0; f < wholeA; f += ROWS_A) {
        for (let g = block; g < whole; g += ROWS_B) addTile(products, a, b, f, g, unit, length);
        for (let g = whole; g < last; g += 1) addRows(products, a, b, f, f + ROWS_A, g, unit, length);
      }
      for (let g = block; g < last; g += 1) addRows(products, a, b, wholeA, a.features, g, unit, length);
    }
  }
  return products;
}

/** Rows first .. last − 1 of A by row g of B. */
function addRows(
  products: Float64Array,
  a: Factor,
  b: Factor,
  first: number,
  last: number,
  g: number,
  unit: number,
  length: number,
): void {
  for (let f = first; f < last; f += 1) {
    const startA = f * a.units + unit;
    const startB = g * b.units + unit;
    let sum = 0;
    for (let u = 0; u < length; u += 1) sum += (a.values[startA + u] ?? NaN) * (b.values[startB + u] ?? NaN);
    add(products, f * b.features + g, sum);
  }
}

/** Rows f, f + 1 of A by rows g .. g + 3 of B. */
function addTile(
  products: Float64Array,
  a: Factor,
  b: Factor,
  f: number,
  g: number,
  unit: number,
  length: number,
): void {
  const valuesA: Values = a.values;
  const valuesB: Values = b.values;
  const a0 = f * a.units + unit;
  const a1 = a0 + a.units;
  const b0 = g * b.units + unit;
  const b1 = b0 + b.units;
  const b2 = b1 + b.units;
  const b3 = b2 + b.units;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let u = 0; u < length; u += 1) {
    const x0 = valuesA[a0 + u] ?? NaN;
    const x1 = valuesA[a1 + u] ?? NaN;
    const y0 = valuesB[b0 + u] ?? NaN;
    const y1 = valuesB[b1 + u] ?? NaN;
    const y2 = valuesB[b2 + u] ?? NaN;
    const y3 = valuesB[b3 + u] ?? NaN;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const at = f * b.features + g;
  add(products, at, s00);
  add(products, at + 1, s01);
  add(products, at + 2, s02);
  add(products, at + 3, s03);
  add(products, at + b.features, s10);
  add(products, at + b.features + 1, s11);
  add(products, at + b.features + 2, s12);
  add(products, at + b.features + 3, s13);
}

function add(products: Float64Array, at: number, sum: number): void {
  products[at] = (products[at] ?? NaN) + sum;
}
