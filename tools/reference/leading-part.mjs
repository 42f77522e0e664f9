import { addTo, dot, scaled, timesTransposed, transposed } from './matrices.mjs';

/** Sweeps of Jacobi's method; it converges quadratically and needs about ten. */
const SWEEPS = 60;

/** Off-diagonal element, relative to the norm of the matrix, that is left as it is. */
const NEGLIGIBLE = 1e-18;

/** Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations, largest first. */
export function eigen(symmetric) {
  const n = symmetric.length;
  const a = symmetric.map((row) => row.slice());
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (_unused, j) => (i === j ? 1 : 0)));
  const size = Math.sqrt(a.reduce((total, row) => total + dot(row, row), 0));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let rotations = 0;
    for (let p = 0; p < n; p += 1) {
      for (let q = p + 1; q < n; q += 1) {
        if (Math.abs(a[p][q]) <= NEGLIGIBLE * size) continue;
        rotate(a, vectors, p, q);
        rotations += 1;
      }
    }
    if (rotations === 0) break;
  }
  return a.map((row, i) => ({ value: row[i], vector: vectors[i] })).sort((x, y) => y.value - x.value);
}

function rotate(a, vectors, p, q) {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) {
    const x = row[p];
    const y = row[q];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  mix(a[p], a[q], c, s);
  mix(vectors[p], vectors[q], c, s);
  a[p][q] = 0;
  a[q][p] = 0;
}

/** Rows x and y become c·x − s·y and s·x + c·y. */
function mix(x, y, c, s) {
  for (let k = 0; k < x.length; k += 1) {
    const value = x[k];
    x[k] = c * value - s * y[k];
    y[k] = s * value + c * y[k];
  }
}

/**
 * The part U U'A of a centred factor in its `count` leading left singular directions, and the rest. With few features
 * the same part is A V V', V the leading right singular directions: eigenvectors of the smaller of A A' and A'A.
 */
export function splitLeading(a, count) {
  const isTall = a.length > a[0].length;
  const sides = isTall ? transposed(a) : a;
  const directions = eigen(timesTransposed(sides, sides))
    .slice(0, count)
    .map(({ vector }) => vector);
  const coefficients = timesTransposed(transposed(sides), directions);
  const part = timesTransposed(transposed(directions), coefficients);
  const leading = isTall ? transposed(part) : part;
  const rest = scaled(a, 1);
  addTo(rest, leading, -1);
  return { leading, rest };
}
