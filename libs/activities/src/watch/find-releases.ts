import { MalformedCheckpoint, type FoundRelease, type ObjectInfo } from '@jokbo/contracts';
import { joinUri, parseUri, pinnedUri } from '@jokbo/storage';
import { resolveSource } from '../programme/index.js';
import { listingDigest, listSource } from './list-source.js';
import type { WatchedProgramme } from './read-watched.js';

/**
 * Every release below the watched prefixes that the programme does not name itself: a folder directly below one; of a
 * revision of a hub the commit that it names now.
 *
 * @returns in the order of prefixes, then of names.
 * @throws ObjectMissing where a bucket is absent; StorageUnavailable, AccessDenied.
 */
export async function findReleases(
  watched: WatchedProgramme,
  signal?: AbortSignal,
): Promise<readonly FoundRelease[]> {
  const { programme, uri, watch } = watched;
  const named = new Set(
    [...programme.subjects, ...programme.references].map(({ source }) =>
      resolveSource(programme, source, uri),
    ),
  );
  const found: FoundRelease[] = [];
  for (const { prefix, team } of watch.prefixes) {
    const place = resolveSource(programme, prefix, uri);
    const location = parseUri(place);
    if (location.scheme === 'hub') {
      const source = await pinnedUri(place, signal);
      if (named.has(place) || named.has(source)) continue;
      named.add(source);
      const release = location.repository.slice(location.repository.indexOf('/') + 1);
      const digest = listingDigest(await listSource(source, signal));
      found.push({ source, place, team, release, digest });
      continue;
    }
    for (const [release, objects] of folders(await listSource(place, signal))) {
      const source = folderUri(place, release);
      if (source === null || named.has(source)) continue;
      named.add(source);
      found.push({ source, team, release, digest: listingDigest(objects) });
    }
  }
  return found;
}

/** Null for what names no folder: a key of S3 may have `..` or nothing between slashes, and no release lies there. */
function folderUri(place: string, name: string): string | null {
  try {
    return joinUri(place, name);
  } catch (error) {
    if (error instanceof MalformedCheckpoint) return null;
    throw error;
  }
}

/** Objects by the first folder of their paths; those that lie in none are left out. */
function folders(objects: readonly ObjectInfo[]): ReadonlyMap<string, readonly ObjectInfo[]> {
  const byFolder = new Map<string, ObjectInfo[]>();
  for (const object of objects) {
    const slash = object.path.indexOf('/');
    if (slash === -1) continue;
    const name = object.path.slice(0, slash);
    const own = byFolder.get(name) ?? [];
    own.push({ ...object, path: object.path.slice(slash + 1) });
    byFolder.set(name, own);
  }
  return byFolder;
}
