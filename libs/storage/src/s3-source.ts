import { GetObjectCommand, HeadObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ObjectChanged, StorageUnavailable, type ByteRange, type ByteSource } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { checkRange } from './byte-range.js';
import { parseContentRange } from './content-range.js';
import { bodyStream, discardBody, readBody } from './read-body.js';
import { keyOf, type S3Connection } from './s3-connection.js';
import { s3Failure, statusOf, WrongAnswer } from './s3-errors.js';
import { joinUri } from './uri.js';

interface Version {
  readonly size: number;
  readonly etag: string;
}

/**
 * Opens one version of an object. Asks for its first byte rather than its head: the answer to HEAD has no
 * body, so it cannot tell an absent bucket from an absent object, nor say why access is refused.
 */
export async function openS3Source(
  connection: S3Connection,
  path: string,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const { client, bucket } = connection;
  const uri = joinUri(`s3://${bucket}`, keyOf(connection, path));
  const target = { Bucket: bucket, Key: keyOf(connection, path) };
  const subject = { object: uri, bucket, opened: false };
  const abort = signal === undefined ? {} : { abortSignal: signal };
  const ask = async (): Promise<Version> => {
    try {
      const answer = await client.send(new GetObjectCommand({ ...target, Range: 'bytes=0-0' }), abort);
      return await versionOf(answer, uri, signal);
    } catch (failure) {
      if (statusOf(failure) !== 416) throw failure;
      // An empty object has no first byte.
      const head = await client.send(new HeadObjectCommand(target), abort);
      if (head.ETag === undefined || head.ContentLength !== 0) throw failure;
      return { size: 0, etag: head.ETag };
    }
  };
  const version = await withAttempts(connection, subject, signal, ask, s3Failure);
  return new S3Source(connection, uri, target, version);
}

/** Bytes per request: its round trip is a small part of the time, and two of them per thread are little memory. */
const REQUEST_BYTES = 8 * 1024 * 1024;

class S3Source implements ByteSource {
  readonly size: number;
  readonly etag: string;
  readonly readBytes = REQUEST_BYTES;
  #closed = false;

  constructor(
    private readonly connection: S3Connection,
    readonly uri: string,
    private readonly target: { readonly Bucket: string; readonly Key: string },
    version: Version,
  ) {
    this.size = version.size;
    this.etag = version.etag;
  }

  async read(range: ByteRange, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkRange(range, this.size, into, this.uri);
    signal?.throwIfAborted();
    if (this.#closed) throw new StorageUnavailable('The object was closed', { object: this.uri });
    if (into.length === 0) return;
    const subject = { object: this.uri, bucket: this.target.Bucket, opened: true };
    const abort = signal === undefined ? {} : { abortSignal: signal };
    let filled = 0;
    const ask = async (): Promise<void> => {
      const rest = { start: range.start + filled, end: range.end };
      // The last attempt may have died after its last byte.
      if (rest.start === rest.end) return;
      const answer = await this.connection.client.send(
        new GetObjectCommand({
          ...this.target,
          Range: `bytes=${rest.start}-${rest.end - 1}`,
          IfMatch: this.etag,
        }),
        abort,
      );
      try {
        this.checkAnswer(answer, rest);
        await readBody(bodyStream(answer.Body), into.subarray(filled), signal, (length) => {
          filled += length;
        });
      } catch (failure) {
        discardBody(answer.Body);
        throw failure;
      }
    };
    await withAttempts(this.connection, subject, signal, ask, s3Failure);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** Not every service honours If-Match, so the etag of the answer counts. */
  private checkAnswer(answer: GetObjectCommandOutput, asked: ByteRange): void {
    if (answer.ETag === undefined) throw new WrongAnswer('The answer has no ETag');
    if (answer.ETag !== this.etag) {
      throw new ObjectChanged('The object was replaced', { object: this.uri, value: answer.ETag });
    }
    checkPartial(answer, this.uri);
    const { first, last, total } = parseContentRange(answer.ContentRange);
    if (total !== this.size) {
      throw new ObjectChanged('The object has another length', { object: this.uri, value: total });
    }
    if (first !== asked.start || last !== asked.end - 1) {
      throw new WrongAnswer(`Asked for bytes ${asked.start}-${asked.end - 1}, got ${first}-${last}`);
    }
    if (answer.ContentLength !== undefined && answer.ContentLength !== asked.end - asked.start) {
      throw new WrongAnswer(`Asked for ${asked.end - asked.start} bytes, got ${answer.ContentLength}`);
    }
  }
}

async function versionOf(
  answer: GetObjectCommandOutput,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<Version> {
  try {
    if (answer.ETag === undefined) throw new WrongAnswer('The answer has no ETag');
    if (answer.$metadata.httpStatusCode === 200 && answer.ContentLength === 0) {
      return { size: 0, etag: answer.ETag };
    }
    checkPartial(answer, uri);
    const { first, last, total } = parseContentRange(answer.ContentRange);
    if (first !== 0 || last !== 0) throw new WrongAnswer(`Asked for bytes 0-0, got ${first}-${last}`);
    await readBody(bodyStream(answer.Body), new Uint8Array(1), signal, () => undefined);
    return { size: total, etag: answer.ETag };
  } finally {
    discardBody(answer.Body);
  }
}

/** A whole object in place of a range is never read; bytes under a content coding are not those stored. */
function checkPartial(answer: GetObjectCommandOutput, object: string): void {
  const status = answer.$metadata.httpStatusCode;
  if (status !== 206) throw new WrongAnswer(`Asked for a range, got status ${status ?? 'unknown'}`);
  const coding = answer.ContentEncoding ?? '';
  // Some clients leave the coding of their upload, which is not that of the object, as metadata.
  if (!['', 'identity', 'aws-chunked'].includes(coding)) {
    throw new StorageUnavailable('The object is stored under a content coding', { object, value: coding });
  }
}
