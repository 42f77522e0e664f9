/** Printable Latin-1 characters that stand for themselves in the byte-level alphabet. */
function isPrintable(byte: number): boolean {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

/** Character → byte of the byte-level alphabet of GPT-2 (Radford et al. 2019): other bytes follow from U+0100. */
export function byteAlphabet(): ReadonlyMap<string, number> {
  const alphabet = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    alphabet.set(String.fromCodePoint(isPrintable(byte) ? byte : next), byte);
    if (!isPrintable(byte)) next += 1;
  }
  return alphabet;
}

/** Bytes of a byte-level token; null when a character is outside the alphabet. */
export function invertByteLevel(token: string, alphabet: ReadonlyMap<string, number>): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = alphabet.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
