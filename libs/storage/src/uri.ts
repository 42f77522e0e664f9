import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '@jokbo/contracts';
import { checkObjectPath } from './object-path.js';

/** A bucket prefix. */
export interface S3Location {
  readonly scheme: 's3';
  readonly bucket: string;
  readonly prefix: string;
}

/** Where a store lies. */
export type Location = { readonly scheme: 'file'; readonly folder: string } | S3Location;

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const S3_URI = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])(?:\/(.*))?$/s;

/**
 * Reads a plain path, `file:///…` or `s3://bucket/prefix`. In an `s3://` URI everything after the bucket is
 * the key as it is stored, without percent-encoding.
 *
 * @throws UsageError for another scheme, a bad bucket name, or an empty, `.` or `..` segment in a key.
 */
export function parseUri(uri: string): Location {
  if (uri === '' || uri.includes('\0')) throw new UsageError('This is not a path or a URI', { value: uri });
  const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return { scheme: 'file', folder: resolve(uri) };
  if (scheme === 'file') return { scheme: 'file', folder: folderOf(uri) };
  if (scheme !== 's3') throw new UsageError('Only paths, file:// and s3:// can be read', { value: uri });
  const match = S3_URI.exec(uri);
  const bucket = match?.[1];
  if (bucket === undefined) throw new UsageError('An S3 URI is s3://bucket/prefix', { value: uri });
  const prefix = (match?.[2] ?? '').replace(/\/+$/, '');
  if (prefix !== '' && prefix.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new UsageError('A prefix has no empty, "." or ".." segment', { value: uri });
  }
  return { scheme: 's3', bucket, prefix };
}

/** The canonical URI of a location, without a trailing `/`. */
export function formatUri(location: Location): string {
  if (location.scheme === 'file') return pathToFileURL(location.folder).href;
  return location.prefix === '' ? `s3://${location.bucket}` : `s3://${location.bucket}/${location.prefix}`;
}

/**
 * The canonical URI of the object at `path` below the store at `uri`; `''` gives the store itself.
 *
 * @throws UsageError as {@link parseUri}.
 * @throws MalformedCheckpoint (`unsafe-path`) when `path` would not lie below `uri`.
 */
export function joinUri(uri: string, path: string): string {
  const location = parseUri(uri);
  if (path === '') return formatUri(location);
  checkObjectPath(path, uri);
  if (location.scheme === 'file') {
    return formatUri({ scheme: 'file', folder: resolve(location.folder, `./${path}`) });
  }
  return formatUri({ ...location, prefix: location.prefix === '' ? path : `${location.prefix}/${path}` });
}

/**
 * Splits the URI of one object into its store (the folder above it) and its name in that store.
 *
 * @throws UsageError as {@link parseUri}, and when there is nothing above or nothing to name.
 */
export function splitUri(uri: string): { readonly store: string; readonly path: string } {
  const location = parseUri(uri);
  const whole = location.scheme === 'file' ? location.folder : location.prefix;
  const slash = whole.lastIndexOf('/');
  const path = whole.slice(slash + 1);
  if (path === '') throw new UsageError('This names a store, not an object', { value: uri });
  const above = whole.slice(0, Math.max(slash, 0));
  const store: Location =
    location.scheme === 'file'
      ? { scheme: 'file', folder: above === '' ? '/' : above }
      : { ...location, prefix: above };
  return { store: formatUri(store), path };
}

function folderOf(uri: string): string {
  try {
    return resolve(fileURLToPath(uri));
  } catch (cause) {
    throw new UsageError('A file URI is file:///absolute/path', { value: uri, cause });
  }
}
