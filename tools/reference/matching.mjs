import { sum } from './record.mjs';

/**
 * Column of each row in the assignment of largest sum, rows ≤ columns: the Hungarian method, one shortest augmenting
 * path for each row.
 */
export function assign(similarity) {
  const rows = similarity.length;
  const columns = similarity[0].length;
  const rowDual = new Float64Array(rows);
  const columnDual = new Float64Array(columns);
  const rowOf = new Array(columns).fill(-1);
  for (let start = 0; start < rows; start += 1) {
    const distance = new Array(columns).fill(Infinity);
    const previous = new Array(columns).fill(-1);
    const done = new Array(columns).fill(false);
    let row = start;
    let column = -1;
    for (;;) {
      if (column >= 0) done[column] = true;
      const reached = column < 0 ? 0 : distance[column];
      let next = -1;
      for (let j = 0; j < columns; j += 1) {
        if (done[j]) continue;
        const length = reached - similarity[row][j] - rowDual[row] - columnDual[j];
        if (length < distance[j]) {
          distance[j] = length;
          previous[j] = column;
        }
        if (next < 0 || distance[j] < distance[next]) next = j;
      }
      column = next;
      if (rowOf[column] < 0) break;
      row = rowOf[column];
    }
    const shortest = distance[column];
    rowDual[start] += shortest;
    for (let j = 0; j < columns; j += 1) {
      if (!done[j]) continue;
      rowDual[rowOf[j]] += shortest - distance[j];
      columnDual[j] -= shortest - distance[j];
    }
    while (previous[column] >= 0) {
      rowOf[column] = rowOf[previous[column]];
      column = previous[column];
    }
    rowOf[column] = start;
  }
  const columnOf = new Array(rows).fill(-1);
  rowOf.forEach((row, column) => row >= 0 && (columnOf[row] = column));
  return columnOf;
}

export function log10Factorial(n) {
  return sum(Array.from({ length: n }, (_, i) => Math.log10(i + 1)));
}

/** Panels of Simpson's rule. */
const PANELS = 20_000;

/**
 * log10 P(T > t), T of Student with ν degrees. With t = √ν·cot u the density is proportional to sin^(ν−1) u, and
 * ∫_0^π sin^(ν−1) u du = √π Γ(ν/2)/Γ((ν+1)/2).
 */
export function log10Student(t, degrees) {
  const end = Math.atan2(Math.sqrt(degrees), t);
  const largest = Math.min(end, Math.PI / 2);
  // Relative to the largest value of the integrand, so that nothing underflows.
  const integrand = (u) => (Math.sin(u) / Math.sin(largest)) ** (degrees - 1);
  const step = end / PANELS;
  let total = integrand(0) + integrand(end);
  for (let i = 1; i < PANELS; i += 1) total += (i % 2 === 1 ? 4 : 2) * integrand(i * step);
  // ∫_0^π sin^k = (k − 1)/k · ∫_0^π sin^(k−2), from π for k = 0 and 2 for k = 1.
  let whole = degrees % 2 === 1 ? Math.PI : 2;
  for (let k = degrees % 2 === 1 ? 2 : 3; k <= degrees - 1; k += 2) whole *= (k - 1) / k;
  return (degrees - 1) * Math.log10(Math.sin(largest)) + Math.log10((total * step) / 3 / whole);
}

/**
 * SPEARMAN of two matchings of h units, columns replaced by their ranks: r = 1 − 6 Σ(π1−π2)²/(h(h²−1)),
 * t = r √((h−2)/(1−r²)), p = P(T_{h−2} > t), at least 1/h!; z = r √(h−1).
 */
export function spearman(first, second) {
  const h = first.length;
  const rank = (matching, i) => matching.filter((column) => column < matching[i]).length;
  const squares = sum(first.map((_, i) => (rank(first, i) - rank(second, i)) ** 2));
  const r = 1 - (6 * squares) / (h * (h * h - 1));
  const least = -log10Factorial(h);
  const tail =
    Math.abs(r) === 1 ? (r > 0 ? least : 0) : log10Student(r * Math.sqrt((h - 2) / (1 - r * r)), h - 2);
  return { r, z: r * Math.sqrt(h - 1), log10P: Math.max(least, tail), units: h };
}

/** FISHER: ξ = −2 Σ ln p is χ² of 2L degrees; its tail is that of a Poisson law, Σ_{k<L} e^(−ξ/2) (ξ/2)^k/k!. */
export function log10Fisher(log10P) {
  if (log10P.length === 0) return null;
  const half = -sum(log10P) * Math.LN10;
  const terms = log10P.map((_, k) => k * Math.log10(half || 1) - half / Math.LN10 - log10Factorial(k));
  const largest = Math.max(...terms);
  return half === 0 ? 0 : largest + Math.log10(sum(terms.map((term) => 10 ** (term - largest))));
}

/**
 * Fixed points K of matchings of m units into n ≥ m columns, over blocks: their count, its expectation Σ m/n, and
 * log10 p: exact for one block, P(K = k) = C(m,k)/[n]_k Σ_i (−1)^i C(m−k,i)/[n−k]_i; else the bound (Σ m/n)^k/k!.
 */
export function fixedPoints(blocks) {
  if (blocks.length === 0) return { count: null, expected: null, log10P: null };
  const count = sum(blocks.map((block) => block.count));
  const expected = sum(blocks.map(({ units, columns }) => units / columns));
  if (blocks.length === 1) return { count, expected, log10P: exactTail(blocks[0]) };
  return { count, expected, log10P: Math.min(0, count * Math.log10(expected) - log10Factorial(count)) };
}

function exactTail({ count, units, columns }) {
  // C(m, i)/[n]_i.
  const ratio = (m, n, i) =>
    Array.from({ length: i }, (_, j) => (m - j) / ((j + 1) * (n - j))).reduce((p, x) => p * x, 1);
  const exactly = (k) =>
    ratio(units, columns, k) *
    sum(Array.from({ length: units - k + 1 }, (_, i) => (-1) ** i * ratio(units - k, columns - k, i)));
  const tail = sum(Array.from({ length: units - count + 1 }, (_, i) => exactly(count + i)));
  return count === 0 ? 0 : Math.log10(tail);
}
