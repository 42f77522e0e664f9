/** What the backward pass of RMSNorm needs. */
export interface NormState {
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** 1/rms of every row. */
  readonly scales: Float64Array;
}

/** y = γ·x/rms(x), row by row. */
export function normForward(input: Float64Array, gamma: Float64Array, epsilon: number): NormState {
  const width = gamma.length;
  const output = new Float64Array(input.length);
  const scales = new Float64Array(input.length / width);
  for (let row = 0; row < scales.length; row += 1) {
    let square = 0;
    for (let k = 0; k < width; k += 1) square += (input[row * width + k] ?? NaN) ** 2;
    const scale = 1 / Math.sqrt(square / width + epsilon);
    scales[row] = scale;
    for (let k = 0; k < width; k += 1) {
      output[row * width + k] = (input[row * width + k] ?? NaN) * scale * (gamma[k] ?? NaN);
    }
  }
  return { input, output, scales };
}

/** Adds the gradients of the input and of γ: dx = s·γ∘dy − s³·x·⟨γ∘dy, x⟩/width. */
export function normBackward(
  { input, scales }: NormState,
  gamma: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  dGamma: Float64Array,
): void {
  const width = gamma.length;
  for (let row = 0; row < scales.length; row += 1) {
    const scale = scales[row] ?? NaN;
    const from = row * width;
    let along = 0;
    for (let k = 0; k < width; k += 1) {
      const weighted = (dy[from + k] ?? NaN) * (input[from + k] ?? NaN);
      along += weighted * (gamma[k] ?? NaN);
      dGamma[k] = (dGamma[k] ?? NaN) + weighted * scale;
    }
    const pull = (scale ** 3 * along) / width;
    for (let k = 0; k < width; k += 1) {
      const own = scale * (gamma[k] ?? NaN) * (dy[from + k] ?? NaN);
      dx[from + k] = (dx[from + k] ?? NaN) + own - pull * (input[from + k] ?? NaN);
    }
  }
}
