import { zeros } from './matrices.mjs';

/** Sums over i ≠ j of two symmetric matrices: Σa Σa', Σ a a', Σ_i (Σ_j a_ij)(Σ_j a'_ij). */
function moments(x, y) {
  const n = x.length;
  let sumX = 0;
  let sumY = 0;
  let products = 0;
  let rows = 0;
  for (let i = 0; i < n; i += 1) {
    let rowX = 0;
    let rowY = 0;
    for (let j = 0; j < n; j += 1) {
      if (j === i) continue;
      rowX += x[i][j];
      rowY += y[i][j];
      products += x[i][j] * y[i][j];
    }
    sumX += rowX;
    sumY += rowY;
    rows += rowX * rowY;
  }
  return { one: sumX * sumY, two: products, three: rows, sumX, sumY };
}

/** [n]_k = n(n−1)..(n−k+1). */
function falling(n, k) {
  let product = 1;
  for (let i = 0; i < k; i += 1) product *= n - i;
  return product;
}

/**
 * Covariance of Σ_{i≠j} A_ij B_ij and Σ_{i≠j} A'_ij B'_ij when rows and columns of B and B' are permuted together
 * (Mantel 1967): 2A2B2/[n]_2 + 4(A3−A2)(B3−B2)/[n]_3 + (A1+2A2−4A3)(B1+2B2−4B3)/[n]_4 − A1B1/[n]_2².
 */
export function mantelCovariance(a, otherA, b, otherB) {
  const n = a.length;
  const p = moments(a, otherA);
  const q = moments(b, otherB);
  return (
    (2 * p.two * q.two) / falling(n, 2) +
    (4 * (p.three - p.two) * (q.three - q.two)) / falling(n, 3) +
    ((p.one + 2 * p.two - 4 * p.three) * (q.one + 2 * q.two - 4 * q.three)) / falling(n, 4) -
    (p.one * q.one) / falling(n, 2) ** 2
  );
}

/** T = Σ_{i≠j} A_ij B_ij, E = Σa Σb/[n]_2, its variance, and the norms of the centred off-diagonals. */
export function mantelTest(a, b) {
  const n = a.length;
  const ab = moments(a, b);
  const aa = moments(a, a);
  const bb = moments(b, b);
  const expectation = (ab.sumX * ab.sumY) / falling(n, 2);
  const variance = mantelCovariance(a, a, b, b);
  const squaresA = aa.two - aa.one / falling(n, 2);
  const squaresB = bb.two - bb.one / falling(n, 2);
  const norms = Math.sqrt(squaresA * squaresB);
  const excess = ab.two - expectation;
  return {
    statistic: ab.two,
    expectation,
    excess,
    variance,
    norms,
    z: excess / Math.sqrt(variance),
    r: excess / norms,
  };
}

/** Zero diagonal, mean of the off-diagonal removed, unit Frobenius norm; null where nothing is left. */
export function unitGram(gram) {
  const n = gram.length;
  let total = 0;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) if (i !== j) total += gram[i][j];
  const mean = total / (n * (n - 1));
  const out = zeros(n, n);
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      out[i][j] = gram[i][j] - mean;
      squares += out[i][j] ** 2;
    }
  }
  return squares > 0 ? out.map((row) => row.map((value) => value / Math.sqrt(squares))) : null;
}
