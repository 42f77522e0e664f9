/** Control, zero-width, separator and direction characters, which a report must not print raw. */
const NOT_PLAIN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;

/** A token from the hex of its bytes: its text in quotes where that is plain UTF-8, else the hex itself. */
export function tokenText(hex: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(hex, 'hex'));
    return text === '' || NOT_PLAIN.test(text) ? `0x${hex}` : JSON.stringify(text);
  } catch {
    return `0x${hex}`;
  }
}
