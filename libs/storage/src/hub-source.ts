import { ObjectChanged, StorageUnavailable, type ByteRange, type ByteSource } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { checkRange } from './byte-range.js';
import { parseContentRange } from './content-range.js';
import { follow, type HubAnswer, type HubConnection } from './hub-connection.js';
import { hubFailure, HubStatus } from './hub-errors.js';
import { discardBody, readBody } from './read-body.js';
import { WrongAnswer } from './s3-errors.js';
import { formatUri, type HubLocation } from './uri.js';

/** Bytes per request, as of S3: its round trips are a small part of the time. */
const REQUEST_BYTES = 8 * 1024 * 1024;

interface Version {
  readonly size: number;
  readonly etag: string;
}

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
  const ask = async (): Promise<Version> => {
    const way: Way = { etag: null, size: null };
    try {
      const answer = await ranged(connection, location, fileUrl(connection, location), [0, 0], way, signal);
      return await versionOf(answer, way, signal);
    } catch (failure) {
      // An empty file has no first byte.
      if (!(failure instanceof HubStatus) || failure.status !== 416) throw failure;
      const url = fileUrl(connection, location);
      const answer = await follow(connection, url, {}, signal, (own) => learn(own, location, way));
      discardBody(answer.body);
      if (answer.header('content-length') !== '0' || way.etag === null) throw failure;
      return { size: 0, etag: way.etag };
    }
  };
  const version = await withAttempts(connection, { object, opened: false }, signal, ask, hubFailure);
  return new HubSource(connection, location, object, version);
}

class HubSource implements ByteSource {
  readonly size: number;
  readonly etag: string;
  readonly readBytes = REQUEST_BYTES;
  /** Where the bytes were last: addresses are signed for minutes, and each way there counts against a limit. */
  #place: URL | null = null;
  #closed = false;

  constructor(
    private readonly connection: HubConnection,
    private readonly location: HubLocation,
    readonly uri: string,
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
    let filled = 0;
    const ask = async (): Promise<void> => {
      const start = range.start + filled;
      // The last attempt may have died after its last byte.
      if (start === range.end) return;
      const answer = await this.#answer(start, range.end - 1, signal);
      try {
        const { first, last, total } = parseContentRange(answer.header('content-range') ?? undefined);
        if (total !== this.size) {
          throw new ObjectChanged('The object has another length', { object: this.uri, value: total });
        }
        if (first !== start || last !== range.end - 1) {
          throw new WrongAnswer(`Asked for bytes ${start}-${range.end - 1}, got ${first}-${last}`);
        }
        await readBody(answer.body, into.subarray(filled), signal, (length) => {
          filled += length;
        });
      } catch (failure) {
        discardBody(answer.body);
        throw failure;
      }
    };
    await withAttempts(this.connection, { object: this.uri, opened: true }, signal, ask, hubFailure);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #answer(first: number, last: number, signal: AbortSignal | undefined): Promise<HubAnswer> {
    const { connection, location } = this;
    const place = this.#place;
    const way: Way = { etag: null, size: null };
    try {
      const from = place ?? fileUrl(connection, location);
      const answer = await ranged(connection, location, from, [first, last], way, signal);
      if (place === null && way.etag !== this.etag) {
        discardBody(answer.body);
        throw new ObjectChanged('The object was replaced', {
          object: this.uri,
          value: way.etag ?? 'no etag',
        });
      }
      this.#place = answer.url;
      return answer;
    } catch (failure) {
      this.#place = null;
      if (place !== null && failure instanceof HubStatus && failure.status < 500 && failure.status !== 429) {
        throw new WrongAnswer('The address of the bytes holds no longer', { cause: failure });
      }
      throw failure;
    }
  }
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
  signal: AbortSignal | undefined,
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

async function versionOf(
  answer: HubAnswer,
  { etag, size }: Way,
  signal: AbortSignal | undefined,
): Promise<Version> {
  try {
    if (etag === null) throw new WrongAnswer('The answer has no ETag');
    if (answer.status === 200) return { size: 0, etag };
    const { first, last, total } = parseContentRange(answer.header('content-range') ?? undefined);
    if (first !== 0 || last !== 0) throw new WrongAnswer(`Asked for bytes 0-0, got ${first}-${last}`);
    if (size !== null && size !== total)
      throw new WrongAnswer(`The hub says ${size} bytes, its store ${total}`);
    await readBody(answer.body, new Uint8Array(1), signal, () => undefined);
    return { size: total, etag };
  } finally {
    discardBody(answer.body);
  }
}
