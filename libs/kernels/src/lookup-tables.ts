/** Bytes at the start of the memory that hold the values of the eight one-byte types: 256 f32 each. */
export const LOOKUP_TABLE_BYTES = 8 * 256 * 4;

interface MiniFloat {
  readonly exponentBits: number;
  readonly bias: number;
  /** Which patterns are not finite. */
  readonly special: 'ieee' | 'all-ones-is-nan' | 'negative-zero-is-nan';
}

/** Value of one 8-bit float; all are exact in f32. NaN has no sign and no payload here. */
function miniFloat(bits: number, format: MiniFloat): number {
  const mantissaBits = 7 - format.exponentBits;
  const mantissa = bits & ((1 << mantissaBits) - 1);
  const exponent = (bits & 0x7f) >> mantissaBits;
  const sign = bits < 0x80 ? 1 : -1;
  if (format.special === 'negative-zero-is-nan' && bits === 0x80) return NaN;
  if (format.special === 'all-ones-is-nan' && (bits & 0x7f) === 0x7f) return NaN;
  if (format.special === 'ieee' && exponent === (1 << format.exponentBits) - 1) {
    return mantissa === 0 ? sign * Infinity : NaN;
  }
  const fraction = mantissa / (1 << mantissaBits);
  return exponent === 0
    ? sign * fraction * 2 ** (1 - format.bias)
    : sign * (1 + fraction) * 2 ** (exponent - format.bias);
}

/**
 * Values of the 256 patterns of the types 0 to 7 of `kinds.ts`, in that order: BOOL and U8 as unsigned and I8 as signed
 * integers, then the 8-bit floats (OCP OFP8 2023 for E5M2 and E4M3, OCP MX 2023 for E8M0, and the FNUZ variants of
 * Noune et al. 2022, whose only special value is NaN at the pattern of −0).
 */
export function lookupTables(): Float32Array {
  const decoders: ((bits: number) => number)[] = [
    (bits) => bits,
    (bits) => bits,
    (bits) => (bits << 24) >> 24,
    (bits) => miniFloat(bits, { exponentBits: 5, bias: 15, special: 'ieee' }),
    (bits) => miniFloat(bits, { exponentBits: 4, bias: 7, special: 'all-ones-is-nan' }),
    (bits) => (bits === 0xff ? NaN : 2 ** (bits - 127)),
    (bits) => miniFloat(bits, { exponentBits: 4, bias: 8, special: 'negative-zero-is-nan' }),
    (bits) => miniFloat(bits, { exponentBits: 5, bias: 16, special: 'negative-zero-is-nan' }),
  ];
  return Float32Array.from(
    decoders.flatMap((decode) => Array.from({ length: 256 }, (_, bits) => decode(bits))),
  );
}
