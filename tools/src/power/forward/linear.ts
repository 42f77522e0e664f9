/** Y = X·W′ + b for X [n, inputs], W [outputs, inputs]. */
export function linear(
  x: Float64Array,
  w: Float64Array,
  size: { readonly n: number; readonly inputs: number; readonly outputs: number },
  bias?: Float64Array,
): Float64Array {
  const { n, inputs, outputs } = size;
  const y = new Float64Array(n * outputs);
  for (let row = 0; row < n; row += 1) {
    const from = row * inputs;
    for (let out = 0; out < outputs; out += 1) {
      const at = out * inputs;
      let sum = 0;
      for (let k = 0; k < inputs; k += 1) sum += (x[from + k] ?? NaN) * (w[at + k] ?? NaN);
      y[row * outputs + out] = sum + (bias?.[out] ?? 0);
    }
  }
  return y;
}

/** Rows of X [n, width] divided by their root mean square, times γ. */
export function rmsNorm(x: Float64Array, gamma: Float64Array, epsilon: number): Float64Array {
  const width = gamma.length;
  const y = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    let square = 0;
    for (let k = 0; k < width; k += 1) square += (x[from + k] ?? NaN) ** 2;
    const scale = 1 / Math.sqrt(square / width + epsilon);
    for (let k = 0; k < width; k += 1) y[from + k] = (x[from + k] ?? NaN) * scale * (gamma[k] ?? NaN);
  }
  return y;
}

/** Adds `other` to `x`. */
export function addInPlace(x: Float64Array, other: Float64Array): void {
  for (let at = 0; at < x.length; at += 1) x[at] = (x[at] ?? NaN) + (other[at] ?? NaN);
}

/** x/(1 + e^−x). */
export function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

/** Replaces values by their softmax. */
export function softmaxInPlace(values: Float64Array): void {
  const largest = values.reduce((held, value) => Math.max(held, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = Math.exp((values[at] ?? NaN) - largest);
    values[at] = value;
    sum += value;
  }
  for (let at = 0; at < values.length; at += 1) values[at] = (values[at] ?? NaN) / sum;
}
