/**
 * The value of every 16-bit and 8-bit pattern, all exact in f32. Sources: IEEE 754-2019 (F16); OCP 8-bit Floating
 * Point Specification 1.0, 2023 (E4M3, E5M2); OCP Microscaling Formats 1.0, 2023 (E8M0); Noune et al., "8-bit
 * Numerical Formats for Deep Neural Networks", 2022 (FNUZ).
 */
export const F16_VALUES = tabulate(65_536, (bits) => miniFloat(bits, 5, 10, 15, 'ieee'));

/** BF16 is the high half of F32. */
export const BF16_VALUES = highHalves();

export const E4M3_VALUES = tabulate(256, (bits) =>
  (bits & 0x7f) === 0x7f ? NaN : miniFloat(bits, 4, 3, 7, 'finite'),
);

export const E5M2_VALUES = tabulate(256, (bits) => miniFloat(bits, 5, 2, 15, 'ieee'));

export const E4M3FNUZ_VALUES = tabulate(256, (bits) =>
  bits === 0x80 ? NaN : miniFloat(bits, 4, 3, 8, 'finite'),
);

export const E5M2FNUZ_VALUES = tabulate(256, (bits) =>
  bits === 0x80 ? NaN : miniFloat(bits, 5, 2, 16, 'finite'),
);

export const E8M0_VALUES = tabulate(256, (bits) => (bits === 0xff ? NaN : 2 ** (bits - 127)));

export const BOOL_VALUES = tabulate(256, (bits) => (bits === 0 ? 0 : 1));

function tabulate(patterns: number, value: (bits: number) => number): Float32Array {
  const table = new Float32Array(patterns);
  for (let bits = 0; bits < patterns; bits += 1) table[bits] = value(bits);
  return table;
}

function highHalves(): Float32Array {
  const words = new Int32Array(65_536);
  for (let bits = 0; bits < words.length; bits += 1) words[bits] = bits << 16;
  return new Float32Array(words.buffer);
}

/**
 * (−1)^s · 2^(e − bias) · (1 + m / 2^M), or (−1)^s · 2^(1 − bias) · m / 2^M where e = 0. With `ieee` the highest e
 * stands for infinity and NaN; with `finite` it is a number like the others.
 */
function miniFloat(
  bits: number,
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  top: 'ieee' | 'finite',
): number {
  const mantissa = bits & ((1 << mantissaBits) - 1);
  const highest = (1 << exponentBits) - 1;
  const exponent = (bits >> mantissaBits) & highest;
  const sign = bits >> (mantissaBits + exponentBits) === 0 ? 1 : -1;
  if (top === 'ieee' && exponent === highest) return mantissa === 0 ? sign * Infinity : NaN;
  const fraction = mantissa / (1 << mantissaBits);
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
