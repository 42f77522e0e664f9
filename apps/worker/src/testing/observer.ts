import type { ActivityObserver, ObjectReads } from '../run-activity.js';

/** An observer that keeps what it is told. */
export interface KeepingObserver extends ActivityObserver {
  readonly told: string[];
  readonly reads: ObjectReads[];
  /** Bytes that were read. */
  bytes(): number;
}

export function observer(): KeepingObserver {
  let bytes = 0;
  const told: string[] = [];
  const reads: ObjectReads[] = [];
  return {
    ...{ told, reads },
    bytes: () => bytes,
    traceReads: (own) => void reads.push(own),
    metrics: {
      read: (more) => {
        bytes += more;
      },
      activityStarted: (name, attempt) => void told.push(`${name} attempt ${attempt}`),
      activityEnded: (name, end) => void told.push(`${name} ${end}`),
      compared: (backend) => void told.push(`compared by ${backend}`),
    },
  };
}
