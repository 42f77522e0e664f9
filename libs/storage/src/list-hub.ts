import { MalformedCheckpoint, ObjectMissing, StorageUnavailable, type ObjectInfo } from '@jokbo/contracts';
import type { HubConnection } from './hub-connection.js';
import { askHub } from './hub-model.js';
import { MAX_LISTED } from './listing-limits.js';
import { byPath } from './object-path.js';
import { formatUri, type HubLocation } from './uri.js';

/**
 * Every file below a folder of one commit, page by page, in path order; an absent folder lists as empty.
 *
 * @param location of the commit; its prefix is the root that paths are told from.
 * @param folder below that root; `''` for all of it.
 * @throws ObjectMissing when there is no such model or commit; MalformedCheckpoint (`too-many-objects`).
 */
export async function listHub(
  connection: HubConnection,
  location: HubLocation,
  folder: string,
  signal?: AbortSignal,
): Promise<readonly ObjectInfo[]> {
  const { repository, revision, prefix } = location;
  const subject = { object: formatUri(location), opened: false };
  const root = prefix === '' ? '' : `${prefix}/`;
  const below = [...prefix.split('/'), ...folder.split('/')].filter((part) => part !== '');
  const path = ['api', 'models', repository, 'tree', revision, ...below.map(encodeURIComponent)].join('/');
  const start = new URL(`${connection.endpoint}/${path}?recursive=true`);
  const found: ObjectInfo[] = [];
  const seen = new Set<string>();
  let next: URL | null = start;
  while (next !== null) {
    seen.add(next.href);
    const page = await pageOf(connection, next, subject, signal, below.length > 0);
    if (page === null) return [];
    for (const entry of page.entries) {
      const object = objectOf(entry, root, subject.object);
      if (object !== null) found.push(object);
    }
    if (found.length > MAX_LISTED || seen.size > MAX_LISTED) {
      throw new MalformedCheckpoint('too-many-objects', `More than ${MAX_LISTED} objects`, subject);
    }
    next = nextPage(page.link, start);
    if (next !== null && seen.has(next.href)) throw wrong('The listing does not go on', subject.object);
  }
  return found.sort(byPath);
}

async function pageOf(
  connection: HubConnection,
  url: URL,
  subject: { readonly object: string; readonly opened: boolean },
  signal: AbortSignal | undefined,
  inFolder: boolean,
): Promise<{ readonly entries: readonly unknown[]; readonly link: string | null } | null> {
  try {
    const { value, link } = await askHub(connection, url, subject, signal);
    if (!Array.isArray(value)) throw wrong('The answer is not a listing', subject.object);
    return { entries: value, link };
  } catch (error) {
    if (inFolder && error instanceof ObjectMissing && error.value === 'EntryNotFound') return null;
    throw error;
  }
}

function objectOf(entry: unknown, root: string, object: string): ObjectInfo | null {
  const { type, path, size, oid, lfs } = recordOf(entry);
  if (type === 'directory') return null;
  // Of a large file `oid` is that of a pointer to it; its own is the SHA-256 of its bytes.
  const { oid: digest, size: length } = lfs === undefined ? { oid, size } : recordOf(lfs);
  const whole = typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  if (
    typeof path !== 'string' ||
    typeof digest !== 'string' ||
    digest === '' ||
    !whole ||
    !path.startsWith(root)
  ) {
    throw wrong('The listing has an entry without path, size or digest', object);
  }
  return { path: path.slice(root.length), size: length, etag: `"${digest}"` };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The page that `Link: <…>; rel="next"` names; another host, or another path, is no page of this listing. */
function nextPage(link: string | null, start: URL): URL | null {
  const target = /<([^<>]{1,8000})>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const url = URL.canParse(target, start.href) ? new URL(target, start) : null;
  if (url?.origin !== start.origin || url.pathname !== start.pathname) {
    throw wrong('The listing goes on elsewhere', start.origin);
  }
  return url;
}

function wrong(message: string, object: string): StorageUnavailable {
  return new StorageUnavailable(message, { object });
}
