import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.js';

const CHUNK_HEAD = /^([0-9a-f]{1,8})(?:;[^\r\n]*)?$/i;

/**
 * The bytes of an upload: the body itself or, under the coding `aws-chunked`, what its chunks hold. Verifies
 * `x-amz-content-sha256`, the decoded length and a CRC-32, SHA-1 or SHA-256 in the header or trailer.
 *
 * @throws S3Error 400 when anything does not fit.
 */
export function uploadedBytes(body: Buffer, headers: ReadonlyMap<string, string>): Buffer {
  const payload = headers.get('x-amz-content-sha256') ?? '';
  if (/^[0-9a-f]{64}$/.test(payload)) {
    if (digest('sha256', body, 'hex') !== payload) throw new S3Error(400, 'XAmzContentSHA256Mismatch');
  } else if (payload !== 'UNSIGNED-PAYLOAD' && payload !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') {
    throw new S3Error(400, 'InvalidRequest', `This server takes no payload of the kind ${payload}`);
  }
  const chunked = payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const { bytes, trailers } = chunked ? decodeChunks(body) : { bytes: body, trailers: headers };
  const length = headers.get('x-amz-decoded-content-length');
  if (chunked && length !== String(bytes.length)) throw new S3Error(400, 'IncompleteBody');
  const announced = headers.get('x-amz-trailer');
  if (announced !== undefined && !trailers.has(announced)) throw new S3Error(400, 'MalformedTrailerError');
  verifyChecksums(bytes, trailers);
  return bytes;
}

function decodeChunks(body: Buffer): { bytes: Buffer; trailers: Map<string, string> } {
  const pieces: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw new S3Error(400, 'IncompleteBody');
    const text = body.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const length = Number.parseInt(CHUNK_HEAD.exec(line())?.[1] ?? 'none', 16);
    if (!(at + length <= body.length)) throw new S3Error(400, 'IncompleteBody');
    if (length === 0) break;
    pieces.push(body.subarray(at, at + length));
    at += length;
    if (line() !== '') throw new S3Error(400, 'IncompleteBody');
  }
  const trailers = new Map<string, string>();
  for (let text = line(); text !== ''; text = line()) {
    const colon = text.indexOf(':');
    trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  return { bytes: Buffer.concat(pieces), trailers };
}

function verifyChecksums(bytes: Buffer, headers: ReadonlyMap<string, string>): void {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(bytes));
  const checks = [
    ['x-amz-checksum-crc32', () => crc.toString('base64')],
    ['x-amz-checksum-sha1', () => digest('sha1', bytes, 'base64')],
    ['x-amz-checksum-sha256', () => digest('sha256', bytes, 'base64')],
  ] as const;
  for (const [name, compute] of checks) {
    const expected = headers.get(name);
    if (expected !== undefined && expected !== compute()) throw new S3Error(400, 'BadDigest');
  }
}

function digest(algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}
