/** Rows, inputs and outputs of a linear layer. */
export interface LinearSize {
  readonly n: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Y = X·W′ for X [n, inputs], W [outputs, inputs]; four rows at a time, so that each weight is read once for them. */
export function linearForward(
  x: Float64Array,
  w: Float64Array,
  { n, inputs, outputs }: LinearSize,
): Float64Array {
  const y = new Float64Array(n * outputs);
  const whole = n - (n % 4);
  for (let row = 0; row < whole; row += 4) {
    const [x0, x1, x2, x3] = [row * inputs, (row + 1) * inputs, (row + 2) * inputs, (row + 3) * inputs];
    for (let out = 0; out < outputs; out += 1) {
      const at = out * inputs;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = 0; k < inputs; k += 1) {
        const weight = w[at + k] ?? NaN;
        s0 += (x[x0 + k] ?? NaN) * weight;
        s1 += (x[x1 + k] ?? NaN) * weight;
        s2 += (x[x2 + k] ?? NaN) * weight;
        s3 += (x[x3 + k] ?? NaN) * weight;
      }
      y[row * outputs + out] = s0;
      y[(row + 1) * outputs + out] = s1;
      y[(row + 2) * outputs + out] = s2;
      y[(row + 3) * outputs + out] = s3;
    }
  }
  for (let row = whole; row < n; row += 1) {
    for (let out = 0; out < outputs; out += 1) {
      let sum = 0;
      for (let k = 0; k < inputs; k += 1) sum += (x[row * inputs + k] ?? NaN) * (w[out * inputs + k] ?? NaN);
      y[row * outputs + out] = sum;
    }
  }
  return y;
}

/** Adds dY·W to `dx`. */
export function linearBackwardInput(
  dx: Float64Array,
  dy: Float64Array,
  w: Float64Array,
  { n, inputs, outputs }: LinearSize,
): void {
  for (let row = 0; row < n; row += 1) {
    for (let out = 0; out < outputs; out += 1) {
      const factor = dy[row * outputs + out] ?? NaN;
      if (factor !== 0) addScaled(dx, row * inputs, w, out * inputs, factor, inputs);
    }
  }
}

/** Adds dY′·X to `dw`. */
export function linearBackwardWeight(
  dw: Float64Array,
  dy: Float64Array,
  x: Float64Array,
  { n, inputs, outputs }: LinearSize,
): void {
  for (let out = 0; out < outputs; out += 1) {
    for (let row = 0; row < n; row += 1) {
      const factor = dy[row * outputs + out] ?? NaN;
      if (factor !== 0) addScaled(dw, out * inputs, x, row * inputs, factor, inputs);
    }
  }
}

function addScaled(
  target: Float64Array,
  start: number,
  source: Float64Array,
  from: number,
  factor: number,
  count: number,
): void {
  for (let k = 0; k < count; k += 1) {
    target[start + k] = (target[start + k] ?? NaN) + factor * (source[from + k] ?? NaN);
  }
}
