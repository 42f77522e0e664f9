import { base85 } from './base85.js';
import { deflateRaw, Z_HUFFMAN_ONLY, type DeflateOptions } from 'pako';

/** Reach of a back-reference of deflate. Bytes. */
const WINDOW = 32_768;

/** Most thorough settings of deflate. */
const THOROUGH = { level: 9, memLevel: 9 } as const;

function packed(bytes: Uint8Array, options: DeflateOptions): string {
  return base85(deflateRaw(bytes, options));
}

/**
 * Raw deflate as text, for the browser's DecompressionStream. By a port of zlib to JavaScript: that of Node gives
 * other bytes on another processor.
 */
export function deflate(bytes: Uint8Array): string {
  return packed(bytes, THOROUGH);
}

/** The same for what may be noise, in which every repetition is an accident that costs more than it saves. */
export function deflateNoise(bytes: Uint8Array): string {
  const noise = packed(bytes, { ...THOROUGH, strategy: Z_HUFFMAN_ONLY });
  const repeated = deflate(bytes);
  return noise.length < repeated.length ? noise : repeated;
}

/** Texts that have much in common, each readable by itself. */
export interface PackedTexts {
  /** What every text refers back to, packed by itself; a reader puts it in front of a text as a stored block. */
  readonly dictionary: string;
  readonly texts: readonly string[];
}

/** Packs each text against the beginning of the longest one. */
export function packTexts(texts: readonly string[]): PackedTexts {
  const longest = texts.reduce((most, text) => (text.length > most.length ? text : most), '');
  const dictionary = Uint8Array.from(Buffer.from(longest).subarray(0, WINDOW));
  const options = dictionary.length === 0 ? THOROUGH : { ...THOROUGH, dictionary };
  return {
    dictionary: deflate(dictionary),
    texts: texts.map((text) => packed(Buffer.from(text), options)),
  };
}
