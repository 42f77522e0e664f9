import { StorageUnavailable } from '@jokbo/contracts';
import { withAttempts } from './attempts.js';
import { follow, type HubConnection } from './hub-connection.js';
import { hubFailure, type HubSubject } from './hub-errors.js';
import { discardBody } from './read-body.js';
import { WrongAnswer } from './s3-errors.js';
import { formatUri, type HubLocation } from './uri.js';

/** Bytes of one answer of the interface: a page of a listing has a thousand entries. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** An answer of the hub's interface. */
export interface HubDocument {
  readonly value: unknown;
  readonly link: string | null;
}

/** Asks the hub's interface; the answer is JSON, and nothing in it was checked. */
export function askHub(
  connection: HubConnection,
  url: URL,
  subject: HubSubject,
  signal: AbortSignal | undefined,
): Promise<HubDocument> {
  const ask = async (own: AbortSignal): Promise<HubDocument> => {
    const answer = await follow(connection, url, { accept: 'application/json' }, own, ({ url: at }) => {
      if (at.origin !== url.origin) throw new WrongAnswer('The hub sends on to another host');
    });
    try {
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
        length += piece.length;
        if (length > MAX_ANSWER_BYTES) {
          throw new StorageUnavailable('The hub answers with more than can be read', {
            object: subject.object,
          });
        }
        pieces.push(piece);
      }
      return { value: parsed(Buffer.concat(pieces)), link: answer.header('link') };
    } finally {
      discardBody(answer.body);
    }
  };
  return withAttempts(connection, subject, signal, ask, hubFailure);
}

/**
 * The commit that a revision names now.
 *
 * @throws ObjectMissing when there is no such model or revision; AccessDenied; StorageUnavailable.
 */
export async function commitOf(
  connection: HubConnection,
  location: HubLocation,
  signal?: AbortSignal,
): Promise<string> {
  const { repository, revision } = location;
  const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}`;
  const subject = { object: formatUri(location), opened: false };
  const { value } = await askHub(connection, new URL(connection.endpoint + path), subject, signal);
  const commit = typeof value === 'object' && value !== null && 'sha' in value ? value.sha : null;
  if (typeof commit !== 'string' || !COMMIT.test(commit)) {
    throw new StorageUnavailable('The hub names no commit for the revision', { object: subject.object });
  }
  return commit;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new WrongAnswer('The answer of the hub is no JSON', { cause });
  }
}
