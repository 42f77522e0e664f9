import { isDtype, MalformedCheckpoint, type Dtype } from '@jokbo/contracts';
import { checkCoverage, checkTensorSize } from './check-layout.js';
import { refuseForeignContent } from './foreign-content.js';
import {
  checkTensorName,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  MAX_HEADER_ENTRIES,
  MAX_RANK,
  type HeaderTensor,
  type SafetensorsHeader,
} from './header.js';
import {
  malformed,
  nextKind,
  openJson,
  readItems,
  readKey,
  readNumberToken,
  readString,
  type JsonCursor,
  type JsonKind,
} from './json-cursor.js';

/**
 * Parses the header of one safetensors file, and accepts only what every reader reads alike: the format's text
 * (huggingface/safetensors, README, "Format") plus unique names, no unknown field, safe integers, one spelling.
 *
 * @param bytes the start of the file, at least its first 8 + N bytes.
 * @param objectSize length of the whole file in bytes.
 * @param object URI for messages.
 * @throws MalformedCheckpoint with one of the rules: header-length, first-byte, unicode, json, padding,
 * duplicate-key, entry-fields, entry-type, metadata-type, integer, dtype, name-control-character, coverage, size,
 * limits (more than 1,000,000 entries, 64 dimensions or 4,096 characters of name); empty-file, truncated,
 * lfs-pointer, not-safetensors-…: what the file is instead.
 */
export function parseHeader(bytes: Uint8Array, objectSize: number, object: string): SafetensorsHeader {
  const headerLength = readHeaderLength(bytes, objectSize, object);
  const bufferStart = LENGTH_BYTES + headerLength;
  if (bytes.length < bufferStart) {
    throw new MalformedCheckpoint('truncated', `${bytes.length} of ${bufferStart} header bytes`, { object });
  }
  const cursor = openJson(bytes, object, { start: LENGTH_BYTES, end: bufferStart });
  const metadata = new Map<string, string>();
  const tensors = readEntries(cursor, bufferStart, metadata);
  for (; cursor.position < cursor.end; cursor.position += 1) {
    if (cursor.bytes[cursor.position] !== 0x20)
      throw malformed(cursor, 'padding', 'not a space behind the object');
  }
  const ordered = checkCoverage(tensors, bufferStart, objectSize, object);
  for (const tensor of ordered) checkTensorSize(tensor, object);
  return { headerLength, metadata, tensors: ordered };
}

/**
 * N, the length of the JSON text. Looks at the first 8 bytes and, if it is there, the first of the text.
 *
 * @throws MalformedCheckpoint empty-file, truncated, header-length, first-byte, or what the file is instead.
 */
export function readHeaderLength(bytes: Uint8Array, objectSize: number, object: string): number {
  if (objectSize === 0) throw new MalformedCheckpoint('empty-file', 'empty file', { object });
  if (objectSize < LENGTH_BYTES || bytes.length < LENGTH_BYTES) {
    refuseForeignContent(bytes, object, 'truncated', `${objectSize} bytes cannot hold a header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES)) {
    refuseForeignContent(
      bytes,
      object,
      'header-length',
      `header length ${length} is not in 2 … ${MAX_HEADER_BYTES}`,
    );
  }
  if (length > BigInt(objectSize - LENGTH_BYTES)) {
    const message = `header of ${length} bytes in a file of ${objectSize}: cut off, or not safetensors`;
    refuseForeignContent(bytes, object, 'header-length', message);
  }
  if (bytes.length > LENGTH_BYTES && bytes[LENGTH_BYTES] !== 0x7b) {
    refuseForeignContent(bytes, object, 'first-byte', 'header does not start with {');
  }
  return Number(length);
}

function readEntries(cursor: JsonCursor, bufferStart: number, metadata: Map<string, string>): HeaderTensor[] {
  const names = new Set<string>();
  const tensors: HeaderTensor[] = [];
  readItems(cursor, '{}', () => {
    const name = readKey(cursor);
    if (name !== '__metadata__') checkTensorName(name, cursor.object);
    if (names.has(name)) throw malformed(cursor, 'duplicate-key', 'name occurs twice', { tensor: name });
    if (names.size === MAX_HEADER_ENTRIES) throw malformed(cursor, 'limits', 'too many tensors');
    names.add(name);
    if (name === '__metadata__') readMetadata(cursor, metadata);
    else tensors.push(readEntry(cursor, name, bufferStart));
  });
  return tensors;
}

function readMetadata(cursor: JsonCursor, metadata: Map<string, string>): void {
  expectKind(cursor, 'object', 'metadata-type', '__metadata__');
  readItems(cursor, '{}', () => {
    const key = readKey(cursor);
    if (metadata.has(key))
      throw malformed(cursor, 'duplicate-key', 'metadata key occurs twice', { value: key.slice(0, 80) });
    if (metadata.size === MAX_HEADER_ENTRIES) throw malformed(cursor, 'limits', 'too many metadata entries');
    expectKind(cursor, 'string', 'metadata-type', '__metadata__');
    metadata.set(key, readString(cursor));
  });
}

function readEntry(cursor: JsonCursor, name: string, bufferStart: number): HeaderTensor {
  let dtype: Dtype | null = null;
  let shape: number[] | null = null;
  let offsets: number[] | null = null;
  expectKind(cursor, 'object', 'entry-type', name);
  readItems(cursor, '{}', () => {
    const field = readKey(cursor);
    if (field === 'dtype') {
      if (dtype !== null) throw repeatedField(cursor, name, field);
      dtype = readDtype(cursor, name);
    } else if (field === 'shape') {
      if (shape !== null) throw repeatedField(cursor, name, field);
      shape = readIntegers(cursor, name, MAX_RANK);
    } else if (field === 'data_offsets') {
      if (offsets !== null) throw repeatedField(cursor, name, field);
      offsets = readIntegers(cursor, name, MAX_RANK);
    } else {
      throw malformed(cursor, 'entry-fields', 'unknown field', { tensor: name, value: field.slice(0, 80) });
    }
  });
  return completeEntry(cursor, name, bufferStart, dtype, shape, offsets);
}

function completeEntry(
  cursor: JsonCursor,
  name: string,
  bufferStart: number,
  dtype: Dtype | null,
  shape: readonly number[] | null,
  offsets: readonly number[] | null,
): HeaderTensor {
  if (dtype === null || shape === null || offsets === null) {
    throw malformed(cursor, 'entry-fields', 'dtype, shape or data_offsets is absent', { tensor: name });
  }
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    throw malformed(cursor, 'entry-type', 'data_offsets is not two numbers', { tensor: name });
  }
  return { name, dtype, shape, begin: bufferStart + begin, end: bufferStart + end };
}

function readDtype(cursor: JsonCursor, name: string): Dtype {
  expectKind(cursor, 'string', 'entry-type', name);
  const text = readString(cursor);
  if (!isDtype(text))
    throw malformed(cursor, 'dtype', 'unknown dtype', { tensor: name, value: text.slice(0, 80) });
  return text;
}

function readIntegers(cursor: JsonCursor, name: string, limit: number): number[] {
  const integers: number[] = [];
  expectKind(cursor, 'array', 'entry-type', name);
  readItems(cursor, '[]', () => {
    expectKind(cursor, 'number', 'entry-type', name);
    const token = readNumberToken(cursor);
    const integer = /^(?:0|[1-9][0-9]{0,15})$/.test(token) ? Number(token) : NaN;
    if (!Number.isSafeInteger(integer)) {
      throw malformed(cursor, 'integer', 'not an integer of 0 … 2^53−1', {
        tensor: name,
        value: token.slice(0, 80),
      });
    }
    if (integers.length === limit) throw malformed(cursor, 'limits', 'too many dimensions', { tensor: name });
    integers.push(integer);
  });
  return integers;
}

function expectKind(cursor: JsonCursor, kind: JsonKind, rule: string, name: string): void {
  const found = nextKind(cursor);
  if (found !== kind) throw malformed(cursor, rule, `expected ${kind}, found ${found}`, { tensor: name });
}

function repeatedField(cursor: JsonCursor, name: string, field: string): MalformedCheckpoint {
  return malformed(cursor, 'duplicate-key', 'field occurs twice', { tensor: name, value: field });
}
