import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { UsageError, type ObjectStore } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { listS3 } from './list-s3.js';
import { checkObjectPath, listingFolder } from './object-path.js';
import { keyOf, type S3Connection } from './s3-connection.js';
import { openS3Source } from './s3-source.js';
import { formatUri, joinUri } from './uri.js';

/** Bytes of one object that is written in a single request; S3 itself takes 5 GiB. */
export const MAX_S3_WRITE = 1024 ** 3;

/** Bytes per millisecond of the slowest upload that is waited for (2 Mbit/s). */
const SLOWEST_UPLOAD = 256;

/** A bucket prefix as a store of objects. */
export function createS3Store(connection: S3Connection): ObjectStore {
  const { bucket, prefix, failureOf } = connection;
  const uri = formatUri({ scheme: 's3', bucket, prefix });

  return {
    uri,

    async list(below = '', signal) {
      const folder = listingFolder(below, uri);
      return listS3(connection, folder, joinUri(uri, folder), signal);
    },

    async open(path, signal) {
      checkObjectPath(path, uri);
      return openS3Source(connection, path, signal);
    },

    async write(path, bytes, signal) {
      checkObjectPath(path, uri);
      const object = joinUri(uri, path);
      if (bytes.length > MAX_S3_WRITE) {
        throw new UsageError(`An object of more than ${MAX_S3_WRITE} bytes cannot be written`, {
          object,
          value: bytes.length,
        });
      }
      const send = (abortSignal: AbortSignal) =>
        connection.client().send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: keyOf(connection, path),
            Body: bytes,
            ContentLength: bytes.length,
          }),
          {
            // The wait for the answer includes the time that the upload takes.
            requestTimeout: connection.requestTimeoutMs + Math.ceil(bytes.length / SLOWEST_UPLOAD),
            abortSignal,
          },
        );
      await withAttempts(connection, { object, bucket, opened: false }, signal, send, failureOf);
    },

    async remove(path) {
      checkObjectPath(path, uri);
      const subject = { object: joinUri(uri, path), bucket, opened: false };
      const send = (abortSignal: AbortSignal) =>
        connection
          .client()
          .send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(connection, path) }), { abortSignal });
      await withAttempts(connection, subject, undefined, send, failureOf);
    },

    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}
