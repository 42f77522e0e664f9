import type { Dtype } from '@jokbo/contracts';
import { LENGTH_BYTES } from './header.js';
import { parseHeader } from './parse-header.js';

/** One tensor to write: row-major, little-endian bytes. */
export interface EncodableTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * The parts of one safetensors file, to be written one behind the other: its header, then the bytes of each tensor,
 * not copied. Tensors and metadata keys stand in code-unit order of their names, and the
 * header is padded with spaces so that the data starts at a multiple of 8: the same input gives the same bytes,
 * whatever its order. The header is read back before it is returned.
 *
 * @throws MalformedCheckpoint with the rule that the file would break: two equal names (duplicate-key), bytes that
 * do not fit the shape (size), a control character in a name, a lone surrogate (unicode).
 */
export function safetensorsPieces(
  tensors: readonly EncodableTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const ordered = [...tensors].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const members: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    members.push(`"__metadata__":{${pairs.join(',')}}`);
  }
  let end = 0;
  for (const { name, dtype, shape, bytes } of ordered) {
    const begin = end;
    end += bytes.length;
    const entry = JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
    members.push(`${JSON.stringify(name)}:${entry}`);
  }
  const text = Buffer.from(`{${members.join(',')}}`, 'utf8');
  const bufferStart = Math.ceil((LENGTH_BYTES + text.length) / 8) * 8;
  const header = new Uint8Array(bufferStart).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(bufferStart - LENGTH_BYTES), true);
  header.set(text, LENGTH_BYTES);
  parseHeader(header, bufferStart + end, 'encoded tensors');
  return [header, ...ordered.map(({ bytes }) => bytes)];
}

/** The bytes of one safetensors file, in one piece; see `safetensorsPieces`. */
export function encodeSafetensors(
  tensors: readonly EncodableTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return new Uint8Array(Buffer.concat(safetensorsPieces(tensors, metadata)));
}
