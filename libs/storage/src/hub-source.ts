import { ObjectChanged, type ByteSource } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { follow, type HubAnswer, type HubConnection } from './hub-connection.js';
import { hubFailure, HubStatus } from './hub-errors.js';
import {
  rangedSource,
  versionOfFirstByte,
  type RangeAnswer,
  type RangeReader,
  type Version,
} from './ranged-source.js';
import { discardBody } from './read-body.js';
import { WrongAnswer } from './s3-errors.js';
import { formatUri, type HubLocation } from './uri.js';

/** What the hub says of a file on the way to its bytes. */
interface Way {
  /** Of the hub itself: a store behind it has etags of its own. */
  etag: string | null;
  size: number | null;
}

/**
 * Opens a file of one commit. The hub tells its etag, the SHA-256 of a large file, and its size; the bytes may lie
 * elsewhere.
 *
 * @param location of the file: the prefix is its path, the revision a commit.
 */
export async function openHubSource(
  connection: HubConnection,
  location: HubLocation,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const object = formatUri(location);
  const ask = async (own: AbortSignal): Promise<Version> => {
    const way: Way = { etag: null, size: null };
    try {
      const answer = await ranged(connection, location, fileUrl(connection, location), [0, 0], way, own);
      return await versionOf(answer, way, own);
    } catch (failure) {
      // An empty file has no first byte.
      if (!(failure instanceof HubStatus) || failure.status !== 416) throw failure;
      const url = fileUrl(connection, location);
      const answer = await follow(connection, url, {}, own, (each) => learn(each, location, way));
      discardBody(answer.body);
      if (answer.header('content-length') !== '0' || way.etag === null) throw failure;
      return { size: 0, etag: way.etag };
    }
  };
  const version = await withAttempts(connection, { object, opened: false }, signal, ask, hubFailure);
  return rangedSource(object, version, {
    repeat: (attempt, signal) =>
      withAttempts(connection, { object, opened: true }, signal, attempt, hubFailure),
    ask: askingHub(connection, location, version),
  });
}

/** Asks for bytes of one version, at first of the hub, then where it sent. */
function askingHub(connection: HubConnection, location: HubLocation, version: Version): RangeReader['ask'] {
  const object = formatUri(location);
  /** Where the bytes were last: addresses are signed for minutes, and each way there counts against a limit. */
  let place: URL | null = null;
  return async ({ start, end }, signal) => {
    const known = place;
    const way: Way = { etag: null, size: null };
    try {
      const from = known ?? fileUrl(connection, location);
      const answer = await ranged(connection, location, from, [start, end - 1], way, signal);
      if (known === null && way.etag !== version.etag) {
        discardBody(answer.body);
        throw new ObjectChanged('The object was replaced', { object, value: way.etag ?? 'no etag' });
      }
      place = answer.url;
      return rangeOf(answer);
    } catch (failure) {
      place = null;
      if (known !== null && failure instanceof HubStatus && failure.status < 500 && failure.status !== 429) {
        throw new WrongAnswer('The address of the bytes holds no longer', { cause: failure });
      }
      throw failure;
    }
  };
}

/** A store behind the hub need not tell the length of a body: the range tells it. */
function rangeOf({ header, body }: HubAnswer): RangeAnswer {
  return { contentRange: header('content-range') ?? undefined, contentLength: undefined, body };
}

function fileUrl({ endpoint }: HubConnection, { repository, revision, prefix }: HubLocation): URL {
  const path = prefix.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint}/${repository}/resolve/${revision}/${path}`);
}

/** @throws WrongAnswer for anything but the bytes that were asked for, as they are stored. */
async function ranged(
  connection: HubConnection,
  location: HubLocation,
  from: URL,
  [first, last]: readonly [number, number],
  way: Way,
  signal: AbortSignal,
): Promise<HubAnswer> {
  const headers = { range: `bytes=${first}-${last}` };
  const answer = await follow(connection, from, headers, signal, (own) => learn(own, location, way));
  const empty = answer.status === 200 && answer.header('content-length') === '0';
  const coding = answer.header('content-encoding') ?? 'identity';
  if ((answer.status === 206 || empty) && coding === 'identity') return answer;
  discardBody(answer.body);
  throw new WrongAnswer(`Asked for a range, got status ${answer.status} and coding ${coding}`);
}

/** @throws ObjectChanged when the answer is of another commit. */
function learn({ header }: HubAnswer, location: HubLocation, way: Way): void {
  const commit = header('x-repo-commit');
  if (commit !== null && commit !== location.revision) {
    throw new ObjectChanged('The hub answers with another commit', {
      object: formatUri(location),
      value: commit,
    });
  }
  const linked = header('x-linked-etag');
  way.etag = linked === null ? (way.etag ?? normalised(header('etag'))) : normalised(linked);
  const size = header('x-linked-size');
  if (size !== null && /^\d{1,16}$/.test(size)) way.size = Number(size);
}

/** Strong or weak, with quotes or without: the digest alone tells versions apart. */
function normalised(etag: string | null): string | null {
  const digest = /^(?:W\/)?"?([\x21\x23-\x7e]{1,200})"?$/.exec(etag ?? '')?.[1]?.replace(/"$/, '');
  return digest === undefined ? null : `"${digest}"`;
}

async function versionOf(answer: HubAnswer, { etag, size }: Way, signal: AbortSignal): Promise<Version> {
  try {
    if (etag === null) throw new WrongAnswer('The answer has no ETag');
    if (answer.status === 200) return { size: 0, etag };
    const version = await versionOfFirstByte(rangeOf(answer), etag, signal);
    if (size === null || size === version.size) return version;
    throw new WrongAnswer(`The hub says ${size} bytes, its store ${version.size}`);
  } finally {
    discardBody(answer.body);
  }
}
