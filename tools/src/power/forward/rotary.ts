/** Angles of the rotary position embedding (Su et al. 2021): position × frequency, [positions, rotary/2]. */
export function rotaryAngles(positions: number, rotary: number, theta: number): Float64Array {
  const half = rotary / 2;
  return Float64Array.from({ length: positions * half }, (_, at) => {
    return Math.floor(at / half) * theta ** ((-2 * (at % half)) / rotary);
  });
}

/**
 * Turns channel i with channel i + rotary/2 of every head by its angle, in place.
 *
 * @param x [positions, heads·headDim]
 * @param direction −1 turns back.
 */
export function rotate(
  x: Float64Array,
  shape: { readonly heads: number; readonly headDim: number; readonly rotary: number },
  angles: Float64Array,
  direction: 1 | -1 = 1,
): void {
  const { heads, headDim, rotary } = shape;
  const half = rotary / 2;
  const width = heads * headDim;
  const positions = angles.length / half;
  for (let row = 0; row * width < x.length; row += 1) {
    const position = row % positions;
    for (let i = 0; i < half; i += 1) {
      const angle = angles[position * half + i] ?? NaN;
      const [cosine, sine] = [Math.cos(angle), direction * Math.sin(angle)];
      for (let head = 0; head < heads; head += 1) {
        const at = row * width + head * headDim + i;
        const [a, b] = [x[at] ?? NaN, x[at + half] ?? NaN];
        x[at] = a * cosine - b * sine;
        x[at + half] = b * cosine + a * sine;
      }
    }
  }
}
