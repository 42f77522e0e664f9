import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.js';
import { parseQuery } from './s3-request.js';

/** A key pair that the server accepts. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Milliseconds that the clock of a client may be off, as in S3. */
const MAX_SKEW_MS = 15 * 60 * 1000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Verifies the `Authorization` header of a request (AWS Signature Version 4, single chunk).
 *
 * @param url The request target as it was sent, percent-encoded.
 * @throws S3Error 403 with the code that S3 gives.
 */
export function verifySignature(
  method: string,
  url: string,
  headers: ReadonlyMap<string, string>,
  accepted: readonly S3Credentials[],
): void {
  const match = AUTHORIZATION.exec(headers.get('authorization') ?? '');
  const [, accessKeyId, day, region, signedHeaders, signature] = match ?? [];
  if (!accessKeyId || !day || !region || !signedHeaders || !signature) {
    throw new S3Error(403, 'AccessDenied', 'The request is not signed');
  }
  const credentials = accepted.find((known) => known.accessKeyId === accessKeyId);
  if (credentials === undefined) throw new S3Error(403, 'InvalidAccessKeyId');
  const time = headers.get('x-amz-date') ?? '';
  const skew = Math.abs(Date.now() - Date.parse(isoTime(time)));
  if (!time.startsWith(day) || !(skew <= MAX_SKEW_MS)) throw new S3Error(403, 'RequestTimeTooSkewed');

  const names = signedHeaders.split(';');
  for (const required of ['host', 'x-amz-content-sha256', 'x-amz-date']) {
    if (!names.includes(required)) throw new S3Error(403, 'AccessDenied', `${required} is not signed`);
  }
  const canonical = [
    method,
    url.split('?', 1)[0],
    canonicalQuery(url),
    ...names.map((name) => `${name}:${(headers.get(name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    headers.get('x-amz-content-sha256') ?? '',
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) {
    throw new S3Error(403, 'SignatureDoesNotMatch');
  }
}

function canonicalQuery(url: string): string {
  const at = url.indexOf('?');
  const parameters = [...parseQuery(at < 0 ? '' : url.slice(at + 1))];
  return parameters
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isoTime(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
