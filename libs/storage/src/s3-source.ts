import { GetObjectCommand, HeadObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ObjectChanged, StorageUnavailable, type ByteSource } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { rangedSource, versionOfFirstByte, type RangeAnswer, type Version } from './ranged-source.js';
import { discardBody } from './read-body.js';
import { keyOf, type S3Connection } from './s3-connection.js';
import { statusOf, WrongAnswer } from './s3-errors.js';
import { joinUri } from './uri.js';

/**
 * Opens one version of an object. Asks for its first byte rather than its head: the answer to HEAD has no
 * body, so it cannot tell an absent bucket from an absent object, nor say why access is refused.
 */
export async function openS3Source(
  connection: S3Connection,
  path: string,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const { bucket } = connection;
  const uri = joinUri(`s3://${bucket}`, keyOf(connection, path));
  const target = { Bucket: bucket, Key: keyOf(connection, path) };
  const subject = { object: uri, bucket, opened: false };
  const ask = async (abortSignal: AbortSignal): Promise<Version> => {
    const client = connection.client();
    const abort = { abortSignal };
    try {
      const answer = await client.send(new GetObjectCommand({ ...target, Range: 'bytes=0-0' }), abort);
      return await versionOf(answer, uri, abortSignal);
    } catch (failure) {
      if (statusOf(failure) !== 416) throw failure;
      // An empty object has no first byte.
      const head = await client.send(new HeadObjectCommand(target), abort);
      if (head.ETag === undefined || head.ContentLength !== 0) throw failure;
      return { size: 0, etag: head.ETag };
    }
  };
  const version = await withAttempts(connection, subject, signal, ask, connection.failureOf);
  const opened = { ...subject, opened: true };
  return rangedSource(uri, version, {
    repeat: (attempt, signal) => withAttempts(connection, opened, signal, attempt, connection.failureOf),
    async ask({ start, end }, signal) {
      const answer = await connection
        .client()
        .send(
          new GetObjectCommand({ ...target, Range: `bytes=${start}-${end - 1}`, IfMatch: version.etag }),
          { abortSignal: signal },
        );
      try {
        // Not every service honours If-Match, so the etag of the answer counts.
        if (answer.ETag === undefined) throw new WrongAnswer('The answer has no ETag');
        if (answer.ETag !== version.etag) {
          throw new ObjectChanged('The object was replaced', { object: uri, value: answer.ETag });
        }
        checkPartial(answer, uri);
        return rangeOf(answer);
      } catch (failure) {
        discardBody(answer.Body);
        throw failure;
      }
    },
  });
}

function rangeOf({ ContentRange, ContentLength, Body }: GetObjectCommandOutput): RangeAnswer {
  return { contentRange: ContentRange, contentLength: ContentLength, body: Body };
}

async function versionOf(answer: GetObjectCommandOutput, uri: string, signal: AbortSignal): Promise<Version> {
  try {
    if (answer.ETag === undefined) throw new WrongAnswer('The answer has no ETag');
    if (answer.$metadata.httpStatusCode === 200 && answer.ContentLength === 0) {
      return { size: 0, etag: answer.ETag };
    }
    checkPartial(answer, uri);
    return await versionOfFirstByte(rangeOf(answer), answer.ETag, signal);
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
