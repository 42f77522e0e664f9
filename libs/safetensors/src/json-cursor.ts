import { isUtf8 } from 'node:buffer';
import { MalformedCheckpoint, type ErrorContext } from '@jokbo/contracts';

/** A place in untrusted JSON text. The text stays in bytes: no second copy of a large header as a string. */
export interface JsonCursor {
  readonly bytes: Buffer;
  /** Offset of the first byte that does not belong to the text. */
  readonly end: number;
  position: number;
  readonly object: string;
  /** One rule for every violation, or null: each violation reports its own rule. */
  readonly rule: string | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a byte may stand in a number token: digits, `+`, `-`, `.`, `e`, `E`. */
const NUMBER_BYTE = new Uint8Array(256);
for (const character of '0123456789+-.eE') NUMBER_BYTE[character.charCodeAt(0)] = 1;

/** The byte that each one-letter escape stands for; 0 = no such escape. */
const ESCAPED_BYTE = new Uint8Array(256);
for (const [letter, text] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})) {
  ESCAPED_BYTE[letter.charCodeAt(0)] = text.charCodeAt(0);
}

/**
 * A cursor at `start` of UTF-8 text that ends before `end`.
 *
 * @throws MalformedCheckpoint `unicode` when the bytes are not UTF-8.
 */
export function openJson(
  bytes: Uint8Array,
  object: string,
  options: { start?: number; end?: number; rule?: string } = {},
): JsonCursor {
  const { start = 0, end = bytes.length, rule = null } = options;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor = { bytes: buffer, end, position: start, object, rule };
  if (!isUtf8(buffer.subarray(start, end))) throw malformed(cursor, 'unicode', 'text is not UTF-8');
  return cursor;
}

/** The error for a violation at the cursor. */
export function malformed(
  cursor: JsonCursor,
  rule: string,
  message: string,
  context: Omit<ErrorContext, 'object'> = {},
): MalformedCheckpoint {
  return new MalformedCheckpoint(cursor.rule ?? rule, `${message} at byte ${cursor.position}`, {
    ...context,
    object: cursor.object,
  });
}

/** The byte at the cursor, −1 at the end. */
export function peekByte(cursor: JsonCursor): number {
  return cursor.position < cursor.end ? (cursor.bytes[cursor.position] ?? -1) : -1;
}

/** Moves over JSON white space and returns the byte behind it, −1 at the end. */
export function skipSpace(cursor: JsonCursor): number {
  const { bytes, end } = cursor;
  let at = cursor.position;
  for (; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  cursor.position = at;
  return peekByte(cursor);
}

/**
 * Moves over white space and then over one punctuation character.
 *
 * @throws MalformedCheckpoint `json` when another character stands there.
 */
export function expectCharacter(cursor: JsonCursor, character: string): void {
  if (skipSpace(cursor) !== character.charCodeAt(0)) {
    throw malformed(cursor, 'json', `expected ${JSON.stringify(character)}`);
  }
  cursor.position += 1;
}

/**
 * Walks the members of an object or the elements of an array, brackets included; `readItem` must consume
 * exactly one of them.
 *
 * @throws MalformedCheckpoint `json` on a missing or trailing comma, or a missing bracket.
 */
export function readItems(cursor: JsonCursor, brackets: '{}' | '[]', readItem: () => void): void {
  const close = brackets.charCodeAt(1);
  expectCharacter(cursor, brackets.charAt(0));
  if (skipSpace(cursor) === close) {
    cursor.position += 1;
    return;
  }
  for (;;) {
    readItem();
    const byte = skipSpace(cursor);
    if (byte !== 0x2c && byte !== close)
      throw malformed(cursor, 'json', `expected "," or "${brackets.charAt(1)}"`);
    cursor.position += 1;
    if (byte === close) return;
  }
}

/**
 * Reads a key and its colon.
 *
 * @throws MalformedCheckpoint `json` or `unicode`.
 */
export function readKey(cursor: JsonCursor): string {
  const key = readString(cursor);
  expectCharacter(cursor, ':');
  return key;
}

export type JsonKind = 'string' | 'object' | 'array' | 'number' | 'literal';

/**
 * What the next value is, judged by its first character; nothing but white space is consumed.
 *
 * @throws MalformedCheckpoint `json` when no value starts there.
 */
export function nextKind(cursor: JsonCursor): JsonKind {
  const byte = skipSpace(cursor);
  if (byte === QUOTE) return 'string';
  if (byte === 0x7b) return 'object';
  if (byte === 0x5b) return 'array';
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return 'number';
  if (byte === 0x74 || byte === 0x66 || byte === 0x6e || byte === 0x4e || byte === 0x49) return 'literal';
  throw malformed(cursor, 'json', 'expected a value');
}

/** Reads the run of characters that may belong to a number, without judging it. */
export function readNumberToken(cursor: JsonCursor): string {
  const { bytes, end, position } = cursor;
  let at = position;
  while (at < end && NUMBER_BYTE[bytes[at] ?? 0] === 1) at += 1;
  cursor.position = at;
  return bytes.toString('latin1', position, at);
}

/**
 * Reads a string and undoes its escapes.
 *
 * @throws MalformedCheckpoint `json` on a raw control character, an unknown escape or a missing quote;
 * `unicode` on a surrogate escape without its partner.
 */
export function readString(cursor: JsonCursor): string {
  expectCharacter(cursor, '"');
  const { bytes, end, position } = cursor;
  let ascii = true;
  for (let at = position; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      cursor.position = at + 1;
      return bytes.toString(ascii ? 'latin1' : 'utf8', position, at);
    }
    if (byte === BACKSLASH) return readEscapedString(cursor, at);
    if (byte < 0x20) {
      cursor.position = at;
      throw malformed(cursor, 'json', 'control character in a string');
    }
    if (byte >= 0x80) ascii = false;
  }
  cursor.position = end;
  throw malformed(cursor, 'json', 'string without an end');
}

/** The rest of `readString` for a string whose first backslash stands at `firstEscape`. */
function readEscapedString(cursor: JsonCursor, firstEscape: number): string {
  const { bytes, end, position } = cursor;
  let close = firstEscape;
  while (close < end && bytes[close] !== QUOTE) close += bytes[close] === BACKSLASH ? 2 : 1;
  // No escape is shorter than the UTF-8 of what it stands for, so the result fits the source's length.
  const text = Buffer.allocUnsafe(Math.min(close, end) - position);
  let length = bytes.copy(text, 0, position, firstEscape);
  cursor.position = firstEscape;
  while (cursor.position < close && cursor.position < end) {
    const byte = bytes[cursor.position] ?? 0;
    if (byte < 0x20) throw malformed(cursor, 'json', 'control character in a string');
    if (byte === BACKSLASH) {
      length += writeUtf8(text, length, readEscape(cursor));
    } else {
      text[length] = byte;
      length += 1;
      cursor.position += 1;
    }
  }
  if (cursor.position >= end) throw malformed(cursor, 'json', 'string without an end');
  cursor.position += 1;
  return text.toString('utf8', 0, length);
}

/** The code point of the escape at the cursor; a surrogate pair is one escape of twelve characters. */
function readEscape(cursor: JsonCursor): number {
  const letter = cursor.position + 1 < cursor.end ? (cursor.bytes[cursor.position + 1] ?? 0) : 0;
  if (letter !== 0x75) {
    const byte = ESCAPED_BYTE[letter] ?? 0;
    if (byte === 0) throw malformed(cursor, 'json', 'unknown escape');
    cursor.position += 2;
    return byte;
  }
  const first = readHexEscape(cursor);
  if (first < 0xd800 || first > 0xdfff) return first;
  const second = first < 0xdc00 ? readHexEscape(cursor) : 0;
  if (second < 0xdc00 || second > 0xdfff) throw malformed(cursor, 'unicode', 'surrogate without its partner');
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/** The code unit of the `\u` escape at the cursor; 0 when no such escape stands there behind a high surrogate. */
function readHexEscape(cursor: JsonCursor): number {
  const token = cursor.bytes.toString('latin1', cursor.position, Math.min(cursor.position + 6, cursor.end));
  if (!token.startsWith('\\u')) return 0;
  if (!/^\\u[0-9a-fA-F]{4}$/.test(token)) throw malformed(cursor, 'json', 'malformed \\u escape');
  cursor.position += 6;
  return Number.parseInt(token.slice(2), 16);
}

/** Writes one code point as UTF-8 and returns the number of bytes, 1 to 4. */
function writeUtf8(into: Buffer, at: number, codePoint: number): number {
  if (codePoint < 0x80) {
    into[at] = codePoint;
    return 1;
  }
  const length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  for (let index = length - 1; index > 0; index -= 1) {
    into[at + index] = 0x80 | ((codePoint >> (6 * (length - 1 - index))) & 0x3f);
  }
  into[at] = ((0xf00 >> length) & 0xff) | (codePoint >> (6 * (length - 1)));
  return length;
}
