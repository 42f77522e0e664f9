import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.js';
import { readWhole } from '../read-range.js';
import { startS3Server, type S3Server } from './s3-server.js';
import { S3Error } from './s3-error.js';
import { verifySignature } from './signature.js';
import { uploadedBytes } from './upload-body.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };

let server: S3Server | undefined;
let folder: string | undefined;

afterEach(async () => {
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

function client(endpoint: string): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: CREDENTIALS });
}

describe('startS3Server', () => {
  it('refuses requests without a signature', async () => {
    server = await startS3Server({ credentials: CREDENTIALS, objects: { 'models/x': new Uint8Array(1) } });
    const answer = await fetch(`${server.endpoint}/models/x`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('serves a folder', async () => {
    folder = await mkdtemp(join(tmpdir(), 'jokbo-server-'));
    await mkdir(join(folder, 'models'));
    server = await startS3Server({ credentials: CREDENTIALS, root: folder });
    const store = openStore('s3://models', { s3: { endpoint: server.endpoint, credentials: CREDENTIALS } });
    const bytes = Buffer.alloc(2_000_000, 'abcdefg');
    await store.write('a/x.bin', bytes);
    expect(Buffer.compare(await readFile(join(folder, 'models/a/x.bin')), bytes)).toBe(0);
    expect(await store.list()).toMatchObject([{ path: 'a/x.bin', size: bytes.length }]);
    const source = await store.open('a/x.bin');
    expect(Buffer.compare(await readWhole(source, 1e7), bytes)).toBe(0);
    await store.close();
  });

  it('takes uploads in chunks with a checksum behind them', async () => {
    server = await startS3Server({ credentials: CREDENTIALS, buckets: ['models'] });
    const sdk = client(server.endpoint);
    const body = Buffer.alloc(300_000, 'chunk');
    const pieces = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    await sdk.send(
      new PutObjectCommand({
        Bucket: 'models',
        Key: 'x',
        Body: pieces,
        ContentLength: body.length,
        ChecksumAlgorithm: 'CRC32',
      }),
    );
    expect(server.requests.at(-1)?.headers.get('x-amz-trailer')).toBe('x-amz-checksum-crc32');
    expect(await server.get('models/x')).toEqual(new Uint8Array(body));
    sdk.destroy();
  });

  it('answers open and suffix ranges', async () => {
    server = await startS3Server({
      credentials: CREDENTIALS,
      objects: { 'models/x': Buffer.from('0123456789') },
    });
    const sdk = client(server.endpoint);
    for (const [Range, text, header] of [
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
    ] as const) {
      const answer = await sdk.send(new GetObjectCommand({ Bucket: 'models', Key: 'x', Range }));
      expect(answer.ContentRange).toBe(header);
      expect(await answer.Body?.transformToString()).toBe(text);
    }
    await expect(
      sdk.send(new GetObjectCommand({ Bucket: 'models', Key: 'x', Range: 'bytes=10-' })),
    ).rejects.toThrow(expect.objectContaining({ name: 'InvalidRange' }));
    sdk.destroy();
  });
});

describe('uploadedBytes', () => {
  const chunked = (text: string, more: Record<string, string> = {}) =>
    uploadedBytes(
      Buffer.from(text),
      new Map(Object.entries({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', ...more })),
    );

  it('decodes chunks and checks the trailer', () => {
    const headers = { 'x-amz-decoded-content-length': '9', 'x-amz-trailer': 'x-amz-checksum-crc32' };
    const body = (crc: string) => `4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`;
    // CRC-32 of "123456789" is CBF43926, the check value of the algorithm.
    const crc = Buffer.from('CBF43926', 'hex').toString('base64');
    expect(chunked(body(crc), headers).toString()).toBe('123456789');
    expect(() => chunked(body('AAAAAA=='), headers)).toThrow('BadDigest');
  });

  it.each(['', '4\r\n12', '4\r\n1234\r\n', 'zz\r\n', '4\r\n12345\r\n0\r\n\r\n', '3\r\n123\r\n0\r\n\r\n'])(
    'refuses %j for four bytes',
    (text) => {
      expect(() => chunked(text, { 'x-amz-decoded-content-length': '4' })).toThrow(S3Error);
    },
  );
});

describe('verifySignature', () => {
  it('refuses a request from another time', () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKTEST/20000101/us-east-1/s3/aws4_request, ' +
      `SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${'0'.repeat(64)}`;
    const headers = new Map([
      ['authorization', authorization],
      ['x-amz-date', '20000101T000000Z'],
    ]);
    expect(() => verifySignature('GET', '/models/x', headers, [CREDENTIALS])).toThrow('RequestTimeTooSkewed');
  });
});
