/** A 64-bit word as two unsigned halves. */
export interface Word64 {
  readonly high: number;
  readonly low: number;
}

export function wordOf(value: bigint): Word64 {
  return { high: Number((value >> 32n) & 0xffff_ffffn), low: Number(value & 0xffff_ffffn) };
}

/** Upper half of the product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  // Both sums are below 2^32 + 2^16: division keeps the bit that a shift would lose.
  return (aHigh * bHigh + Math.floor(middle / 65_536) + Math.floor(other / 65_536)) >>> 0;
}

/** High and low half of the last word that was mixed: a pair cannot be returned without an object for each. */
const mixed = new Uint32Array(2);

/** Sets {@link mixed} to splitmix64(base + index) modulo 2⁶⁴. */
function mix(base: Word64, index: number): void {
  const sum = base.low + (index >>> 0) + 0x7f4a7c15;
  const low = sum >>> 0;
  const high =
    (base.high + Math.floor(index / 4_294_967_296) + 0x9e3779b9 + Math.floor(sum / 4_294_967_296)) >>> 0;
  // z ^= z >> 30; z *= 0xBF58476D1CE4E5B9
  const aLow = (low ^ ((high << 2) | (low >>> 30))) >>> 0;
  const aHigh = (high ^ (high >>> 30)) >>> 0;
  const bHigh =
    (highProduct(aLow, 0x1ce4e5b9) + Math.imul(aHigh, 0x1ce4e5b9) + Math.imul(aLow, 0xbf58476d)) >>> 0;
  const bLow = Math.imul(aLow, 0x1ce4e5b9) >>> 0;
  // z ^= z >> 27; z *= 0x94D049BB133111EB
  const cLow = (bLow ^ ((bHigh << 5) | (bLow >>> 27))) >>> 0;
  const cHigh = (bHigh ^ (bHigh >>> 27)) >>> 0;
  const dHigh =
    (highProduct(cLow, 0x133111eb) + Math.imul(cHigh, 0x133111eb) + Math.imul(cLow, 0x94d049bb)) >>> 0;
  const dLow = Math.imul(cLow, 0x133111eb) >>> 0;
  // z ^= z >> 31
  mixed[0] = dHigh ^ (dHigh >>> 31);
  mixed[1] = dLow ^ ((dHigh << 1) | (dLow >>> 31));
}

/**
 * The uniform number ((splitmix64(base + index) >> 11) + ½)·2⁻⁵³ in (0, 1), where splitmix64 adds
 * 0x9E3779B97F4A7C15 before mixing (Steele, Lea and Flood 2014); all modulo 2⁶⁴.
 *
 * @param index whole, below 2⁵³.
 */
export function splitmixUniform(base: Word64, index: number): number {
  mix(base, index);
  return ((mixed[0] ?? 0) * 2_097_152 + ((mixed[1] ?? 0) >>> 11) + 0.5) * 2 ** -53;
}

/** splitmix64(base + index) modulo 2⁶⁴. */
export function splitmix64(base: Word64, index: number): Word64 {
  mix(base, index);
  return { high: mixed[0] ?? 0, low: mixed[1] ?? 0 };
}
