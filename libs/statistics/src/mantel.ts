import { boundedCorrelation } from './effect-size.js';
import { checkCount, checkFinite, checkLength, type Values } from './factor.js';

/** Relative size below which a centred sum of squares or a variance is rounding noise. */
export const GRAM_NOISE = 1e-14;

/** Exact null moments of the product of two symmetric matrices, and what follows from them. */
export interface MantelMoments {
  /** T = Σ_{i≠j} A_ij B_ij. */
  readonly statistic: number;
  readonly expectation: number;
  /** T − E T. */
  readonly excess: number;
  readonly variance: number;
  readonly z: number;
  /** Correlation of the centred off-diagonals. */
  readonly r: number;
  /** (z/r)² = norm²/Var. */
  readonly nEff: number;
  /** √(ΣÃ² ΣB̃²) over the centred off-diagonals. */
  readonly norm: number;
}

/** Bilinear moments of two symmetric matrices with off-diagonal mean zero. */
export interface GramMoments {
  /** Σ_{i≠j} ã_ij ã'_ij. */
  readonly entries: number;
  /** Σ_i (Σ_j ã_ij)(Σ_j ã'_ij). */
  readonly rows: number;
}

/**
 * Sets the diagonal to zero and removes the mean of the off-diagonal entries, in place.
 *
 * @throws RangeError on a matrix that is not n × n, n >= 2, or on NaN or infinity.
 */
export function centreGram(gram: Values, n: number): void {
  const mean = offDiagonalMean(gram, n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      gram[i * n + j] = i === j ? 0 : (gram[i * n + j] ?? NaN) - mean;
    }
  }
}

/** Mean of the off-diagonal entries of an n × n matrix. */
export function offDiagonalMean(gram: Values, n: number): number {
  checkCount('n', n, 2);
  checkLength('gram', gram, n * n);
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    let row = 0;
    for (let j = 0; j < n; j += 1) if (j !== i) row += gram[i * n + j] ?? NaN;
    total += row;
  }
  return checkFinite('mean of the off-diagonal entries', total / (n * (n - 1)));
}

/**
 * Covariance of Σ_{i≠j} A_ij B_ij and Σ_{i≠j} A'_ij B'_ij when rows and columns of B and B' are permuted together
 * (Mantel 1967, in bilinear form). With off-diagonal means removed the terms in (Σa)² vanish:
 * 2A₂B₂/[n]₂ + 4(A₃−A₂)(B₃−B₂)/[n]₃ + (2A₂−4A₃)(2B₂−4B₃)/[n]₄.
 */
export function mantelCovariance(a: GramMoments, b: GramMoments, n: number): number {
  const pairs = n * (n - 1);
  const triples = pairs * (n - 2);
  return (
    (2 * a.entries * b.entries) / pairs +
    (4 * (a.rows - a.entries) * (b.rows - b.entries)) / triples +
    ((2 * a.entries - 4 * a.rows) * (2 * b.entries - 4 * b.rows)) / (triples * (n - 3))
  );
}

/**
 * Mantel test of two symmetric n × n matrices; diagonals are ignored, off-diagonal means need not be removed.
 *
 * @returns null where one side's off-diagonal is constant: undefined, not 0.
 * @throws RangeError on n < 4, a wrong length, or NaN or infinity.
 */
export function mantelMoments(a: Values, b: Values, n: number): MantelMoments | null {
  checkCount('n', n, 4);
  const meanA = offDiagonalMean(a, n);
  const meanB = offDiagonalMean(b, n);
  let excess = 0;
  let entriesA = 0;
  let entriesB = 0;
  let rowsA = 0;
  let rowsB = 0;
  for (let i = 0; i < n; i += 1) {
    let rowA = 0;
    let rowB = 0;
    for (let j = 0; j < n; j += 1) {
      if (j === i) continue;
      const x = (a[i * n + j] ?? NaN) - meanA;
      const y = (b[i * n + j] ?? NaN) - meanB;
      excess += x * y;
      entriesA += x * x;
      entriesB += y * y;
      rowA += x;
      rowB += y;
    }
    rowsA += rowA * rowA;
    rowsB += rowB * rowB;
  }
  const pairs = n * (n - 1);
  const product = checkFinite('product of the squared norms', entriesA * entriesB);
  const constant =
    entriesA <= GRAM_NOISE ** 2 * pairs * meanA * meanA ||
    entriesB <= GRAM_NOISE ** 2 * pairs * meanB * meanB;
  const variance = mantelCovariance(
    { entries: entriesA, rows: rowsA },
    { entries: entriesB, rows: rowsB },
    n,
  );
  if (constant || !(variance > (GRAM_NOISE * product) / pairs)) return null;
  const expectation = pairs * meanA * meanB;
  return {
    statistic: expectation + excess,
    expectation,
    excess,
    variance,
    z: excess / Math.sqrt(variance),
    r: boundedCorrelation(excess / Math.sqrt(product)),
    nEff: product / variance,
    norm: Math.sqrt(product),
  };
}
