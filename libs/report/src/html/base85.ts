/** Printable characters that need no escape in JSON, nor in a script element. */
export const ALPHABET =
  "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?'()[]{}@%$#,;";

/** Four bytes, big-endian, as five digits; the last group of n bytes as n + 1 digits. A sixteenth less than base64. */
export function base85(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let start = 0; start < bytes.length; start += 4) {
    const size = Math.min(4, bytes.length - start);
    let value = 0;
    for (let index = 0; index < 4; index += 1) value = value * 256 + (bytes[start + index] ?? 0);
    let digits = '';
    for (let digit = 0; digit < 5; digit += 1) {
      digits = (ALPHABET[value % 85] ?? '') + digits;
      value = Math.floor(value / 85);
    }
    // Digits that are left out read as the last of the alphabet, and what they add is cut off.
    groups.push(digits.slice(0, size + 1));
  }
  return groups.join('');
}
