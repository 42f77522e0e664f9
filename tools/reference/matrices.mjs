/** A matrix is an array of rows, each a Float64Array. A factor has units as rows and features as columns. */
export function zeros(rows, columns) {
  return Array.from({ length: rows }, () => new Float64Array(columns));
}

/** A·B'. */
export function timesTransposed(a, b) {
  const product = zeros(a.length, b.length);
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < b.length; j += 1) product[i][j] = dot(a[i], b[j]);
  }
  return product;
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** <X, Y> = Σ X_ij Y_ij. */
export function innerProduct(x, y) {
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += dot(x[i], y[i]);
  return sum;
}

export function norm(x) {
  return Math.sqrt(innerProduct(x, x));
}

export function transposed(x) {
  return Array.from({ length: x[0].length }, (_, j) => Float64Array.from(x, (row) => row[j]));
}

/** X + weight·Y, in place. */
export function addTo(x, y, weight = 1) {
  for (let i = 0; i < x.length; i += 1) {
    for (let j = 0; j < x[i].length; j += 1) x[i][j] += weight * y[i][j];
  }
}

export function scaled(x, factor) {
  return x.map((row) => row.map((value) => value * factor));
}

/** Each feature minus its mean over the units. */
export function centred(factor) {
  const units = factor.length;
  const means = new Float64Array(factor[0].length);
  for (const row of factor) row.forEach((value, feature) => (means[feature] += value / units));
  return factor.map((row) => row.map((value, feature) => value - means[feature]));
}

/** C_ij − C̄_i. − C̄_.j + C̄. */
export function doubleCentred(c) {
  const n = c.length;
  const rows = c.map((row) => row.reduce((sum, value) => sum + value, 0) / n);
  const columns = c.map((_, j) => c.reduce((sum, row) => sum + row[j], 0) / n);
  const all = rows.reduce((sum, value) => sum + value, 0) / n;
  return c.map((row, i) => row.map((value, j) => value - rows[i] - columns[j] + all));
}

/** Whether every feature repeats one value over the units. */
export function isConstant(factor) {
  return factor.every((row) => row.every((value, feature) => value === factor[0][feature]));
}
