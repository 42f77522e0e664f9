import { AccessDenied, JokboError, ObjectChanged, ObjectMissing, StorageUnavailable } from '@jokbo/contracts';
import { systemCode } from './file-errors.js';
import { WrongAnswer, type RequestFailure } from './s3-errors.js';

/** The hub, or the place that it sends readers to, answered with another status than asked for. */
export class HubStatus extends Error {
  constructor(
    readonly status: number,
    /** `X-Error-Code` of the hub: `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`, `GatedRepo`. */
    readonly code: string | null,
  ) {
    super(`The hub answered with status ${status}`);
  }
}

/** What a request to a hub was about. */
export interface HubSubject {
  readonly object: string;
  /** Whether a version of the object has been opened: then an absent object is a changed one. */
  readonly opened: boolean;
}

const MISSING: Readonly<Record<string, string>> = {
  RepoNotFound: 'The hub has no such model, or shows it to others only',
  RevisionNotFound: 'The model has no such revision',
};

/** Names any failure of a request to a hub in the terms of the store; a typed error passes as permanent. */
export function hubFailure(failure: unknown, { object, opened }: HubSubject): RequestFailure {
  if (failure instanceof JokboError) return { error: failure, transient: false };
  if (failure instanceof WrongAnswer) {
    return { error: new StorageUnavailable(failure.message, { object, cause: failure }), transient: true };
  }
  if (!(failure instanceof HubStatus)) {
    const context = { object, value: systemCode(failure), cause: failure };
    return { error: new StorageUnavailable('The hub did not answer as it should', context), transient: true };
  }
  const { status, code } = failure;
  const context = { object, value: code ?? status, cause: failure };
  if (status === 408 || status === 429 || status >= 500) {
    return { error: new StorageUnavailable('The hub did not answer as it should', context), transient: true };
  }
  return { error: refusal(status, code, opened, context), transient: false };
}

function refusal(
  status: number,
  code: string | null,
  opened: boolean,
  context: ConstructorParameters<typeof ObjectMissing>[1],
): JokboError {
  if (opened && (status === 404 || status === 410 || status === 416)) {
    return new ObjectChanged('The object is no longer the version that was opened', context);
  }
  // Without a token the hub answers 401 for a model that it does not have.
  const missing = MISSING[code ?? ''];
  if (missing !== undefined) return new ObjectMissing(missing, context);
  if (status === 401 || status === 403) {
    const gated = code === 'GatedRepo' ? 'The model is gated: its terms have to be accepted' : null;
    return new AccessDenied(gated ?? 'The hub refuses access: set HF_TOKEN', context);
  }
  if (status === 404) return new ObjectMissing('There is no such object', context);
  return new StorageUnavailable(`The hub rejects the request with status ${status}`, context);
}
