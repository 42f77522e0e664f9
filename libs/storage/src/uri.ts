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

/** One revision of a model on a hub, or a folder of it. */
export interface HubLocation {
  readonly scheme: 'hub';
  /** `organisation/model`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  readonly prefix: string;
}

/** Where a store lies. */
export type Location = { readonly scheme: 'file'; readonly folder: string } | S3Location | HubLocation;

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const S3_URI = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])(?:\/(.*))?$/s;

/** Names as hubs allow them; a revision with a `/` is written with `%2F`. */
const HUB_NAME = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}';
const HUB_URI = new RegExp(
  `^hub://(${HUB_NAME}/${HUB_NAME})(?:@([A-Za-z0-9](?:[A-Za-z0-9._-]|%2[Ff]){0,254}))?(?:/(.*))?$`,
  's',
);

/** Revision of a model that is named without one. */
const MAIN_REVISION = 'main';

/**
 * Reads a plain path, `file:///…`, `s3://bucket/prefix` or `hub://organisation/model@revision/folder` (the revision
 * `main` when left out). In an `s3://` URI everything after the bucket is the key as it is stored, in a `hub://` URI
 * everything after the revision the path, without percent-encoding.
 *
 * @throws UsageError for another scheme, a bad bucket or model name, or an empty, `.` or `..` segment in a key.
 */
export function parseUri(uri: string): Location {
  if (uri === '' || uri.includes('\0')) throw new UsageError('This is not a path or a URI', { value: uri });
  const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return { scheme: 'file', folder: resolve(uri) };
  if (scheme === 'file') return { scheme: 'file', folder: folderOf(uri) };
  if (scheme === 'hub') return hubLocation(uri);
  if (scheme !== 's3') {
    throw new UsageError('Only paths, file://, s3:// and hub:// can be read', { value: uri });
  }
  const match = S3_URI.exec(uri);
  const bucket = match?.[1];
  if (bucket === undefined) throw new UsageError('An S3 URI is s3://bucket/prefix', { value: uri });
  return { scheme: 's3', bucket, prefix: prefixOf(match?.[2], uri) };
}

function hubLocation(uri: string): HubLocation {
  const match = HUB_URI.exec(uri);
  const repository = match?.[1];
  if (repository === undefined) {
    throw new UsageError('A hub URI is hub://organisation/model@revision', { value: uri });
  }
  const revision = (match?.[2] ?? MAIN_REVISION).replace(/%2f/gi, '/');
  if (revision.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new UsageError('A revision has no empty, "." or ".." segment', { value: uri });
  }
  return { scheme: 'hub', repository, revision, prefix: prefixOf(match?.[3], uri) };
}

function prefixOf(path: string | undefined, uri: string): string {
  const prefix = (path ?? '').replace(/\/+$/, '');
  if (prefix !== '' && prefix.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new UsageError('A prefix has no empty, "." or ".." segment', { value: uri });
  }
  return prefix;
}

/**
 * As {@link parseUri}, of a place that is written to.
 *
 * @throws UsageError for a hub too, which is only read.
 */
export function parseWritableUri(uri: string): Exclude<Location, HubLocation> {
  const location = parseUri(uri);
  if (location.scheme === 'hub') throw new UsageError('A hub is only read', { value: uri });
  return location;
}

/** The canonical URI of a location, without a trailing `/`. */
export function formatUri(location: Location): string {
  if (location.scheme === 'file') return pathToFileURL(location.folder).href;
  const root =
    location.scheme === 's3'
      ? `s3://${location.bucket}`
      : `hub://${location.repository}@${location.revision.replaceAll('/', '%2F')}`;
  return location.prefix === '' ? root : `${root}/${location.prefix}`;
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
