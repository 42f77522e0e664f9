import { ListObjectsV2Command, type _Object } from '@aws-sdk/client-s3';
import { MalformedCheckpoint, type ObjectInfo } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { MAX_LISTED } from './listing-limits.js';
import { byPath } from './object-path.js';
import { keyOf, type S3Connection } from './s3-connection.js';
import { WrongAnswer } from './s3-errors.js';

/**
 * Every object below `folder`, page by page, in path order. Keys that end in `/` are folder markers of
 * consoles and no objects.
 *
 * @param folder Path below the root of the store; `''` for all of it.
 * @throws ObjectMissing when there is no such bucket; MalformedCheckpoint (`too-many-objects`).
 */
export async function listS3(
  connection: S3Connection,
  folder: string,
  object: string,
  signal?: AbortSignal,
): Promise<readonly ObjectInfo[]> {
  const { bucket } = connection;
  const root = connection.prefix === '' ? '' : `${connection.prefix}/`;
  const prefix = folder === '' ? root : `${keyOf(connection, folder)}/`;
  const found: ObjectInfo[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const after = token;
    const request = async (abortSignal: AbortSignal) => {
      const answer = await connection.client().send(
        new ListObjectsV2Command({
          Bucket: bucket,
          ...(prefix === '' ? {} : { Prefix: prefix }),
          ...(after === undefined ? {} : { ContinuationToken: after }),
        }),
        { abortSignal },
      );
      // The SDK reads any other document as a listing without objects.
      if (answer.IsTruncated === undefined) throw new WrongAnswer('The answer is not a listing');
      const next = answer.IsTruncated ? answer.NextContinuationToken : undefined;
      if (answer.IsTruncated && (next === undefined || seen.has(next))) {
        throw new WrongAnswer('The listing does not go on');
      }
      return { objects: objectsOf(answer.Contents ?? [], prefix, root), next };
    };
    const subject = { object, bucket, opened: false };
    const page = await withAttempts(connection, subject, signal, request, connection.failureOf);
    found.push(...page.objects);
    token = page.next;
    if (token !== undefined) seen.add(token);
    if (found.length > MAX_LISTED || seen.size > MAX_LISTED) {
      throw new MalformedCheckpoint('too-many-objects', `More than ${MAX_LISTED} objects`, { object });
    }
  } while (token !== undefined);
  return found.sort(byPath);
}

function objectsOf(entries: readonly _Object[], prefix: string, root: string): ObjectInfo[] {
  const objects: ObjectInfo[] = [];
  for (const { Key: key, Size: size, ETag: etag } of entries) {
    if (key === undefined || size === undefined || etag === undefined || !key.startsWith(prefix)) {
      throw new WrongAnswer('The listing has an entry without key, size or ETag');
    }
    if (!key.endsWith('/')) objects.push({ path: key.slice(root.length), size, etag });
  }
  return objects;
}
