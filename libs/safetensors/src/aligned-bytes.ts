/**
 * `bytes` at an address that a typed array of `width`-byte elements accepts: themselves where they already are,
 * else a copy. Elements are read in the host's byte order, which is little-endian on every platform that Node.js
 * is built for except s390x and AIX.
 */
export function alignedBytes(bytes: Uint8Array, width: 2 | 4 | 8): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
}
