import type { Buckets } from './buckets.js';
import { escapeXml } from './s3-error.js';
import type { S3Request } from './s3-request.js';

/**
 * The answer to ListObjectsV2, without delimiters. A continuation token is the last key of the page before,
 * in base64.
 *
 * @param pageSize Keys per page at most, whatever the request asks for.
 */
export async function listAnswer(buckets: Buckets, request: S3Request, pageSize: number): Promise<string> {
  const prefix = request.query.get('prefix') ?? '';
  const token = request.query.get('continuation-token');
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const objects = (await buckets.list(request.bucket)).filter(
    ({ path }) => path.startsWith(prefix) && (token === undefined || path > after),
  );
  const limit = Math.min(pageSize, Number(request.query.get('max-keys') ?? pageSize));
  const page = objects.slice(0, limit);
  const last = page.at(-1)?.path;
  const truncated = objects.length > page.length && last !== undefined;
  const contents = page.map(
    ({ path, size, etag }) =>
      `<Contents><Key>${escapeXml(path)}</Key><LastModified>2000-01-01T00:00:00.000Z</LastModified>` +
      `<ETag>${escapeXml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next = truncated
    ? `<NextContinuationToken>${Buffer.from(last).toString('base64')}</NextContinuationToken>`
    : '';
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>${escapeXml(request.bucket)}</Name><Prefix>${escapeXml(prefix)}</Prefix>` +
    `<KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${truncated}</IsTruncated>` +
    `${next}${contents.join('')}</ListBucketResult>`
  );
}
