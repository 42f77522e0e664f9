/**
 * Fills bytes with BF16 values like those of trained weights: signs and mantissas random, exponents spread over a few
 * powers of two. Seeded, so every run measures the same data.
 */
export function fillRandomBf16(bytes: Uint8Array, seed: number): void {
  let state = seed | 1;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const exponent = 118 + (Math.clz32(state | 1) & 3);
    const pattern = (state & 0x807f) | (exponent << 7);
    bytes[at] = pattern & 0xff;
    bytes[at + 1] = pattern >>> 8;
  }
}
