import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HeldObject } from './buckets.js';
import type { Fault } from './fault.js';
import { S3Error } from './s3-error.js';
import type { S3Request } from './s3-request.js';

/** Bytes per write of a body. */
const PIECE = 256 * 1024;

/**
 * Answers GetObject and HeadObject, with `Range` and `If-Match`, and spoils the answer as `fault` says.
 *
 * @throws S3Error 412 or 416 before anything is sent.
 */
export async function answerGet(
  request: S3Request,
  object: HeldObject,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const etag = fault?.kind === 'wrong-etag' ? fault.etag : object.etag;
  const wanted = request.headers.get('if-match');
  if (wanted !== undefined && wanted !== object.etag && fault?.kind !== 'wrong-etag') {
    throw new S3Error(412, 'PreconditionFailed');
  }
  const header = fault?.kind === 'whole-object' ? undefined : request.headers.get('range');
  const range = parseRange(header, object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  response.statusCode = range === undefined ? 200 : 206;
  response.setHeader('etag', etag);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  if (range !== undefined) {
    const shift = fault?.kind === 'wrong-range' ? fault.shift : 0;
    response.setHeader('content-range', `bytes ${start + shift}-${end - 1 + shift}/${object.size}`);
  }
  // Without a declared length, HTTP cannot see that bytes are missing or too many.
  const undeclared = fault?.kind === 'truncate' || fault?.kind === 'surplus';
  if (!undeclared) response.setHeader('content-length', end - start);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  let sent = end;
  if (fault?.kind === 'stall' || fault?.kind === 'reset' || fault?.kind === 'truncate') {
    sent = Math.min(end, start + (fault.afterBytes ?? 0));
  }
  response.flushHeaders();
  await pipeline(Readable.from(pieces(object, start, sent), { objectMode: false }), response, { end: false });
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.end(fault?.kind === 'surplus' ? Buffer.alloc(fault.bytes) : undefined);
}

async function* pieces(object: HeldObject, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE) yield await object.read(at, Math.min(end, at + PIECE));
}

function parseRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= size || start >= end) throw new S3Error(416, 'InvalidRange');
  return { start, end };
}
