import { canonicalJson, type FoundRelease } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadJson, sha256, storeJson } from '../evidence-store.js';

/** How the audit of one version of a release, or of one state of a programme, ended. */
export interface RecordedEnd {
  /** Null where it gave a result. */
  readonly failure: string | null;
}

/** What the watcher of one programme knows for good: it lies with the results, beyond the retention of any history. */
export interface WatchLedger {
  endOfRelease(release: FoundRelease): Promise<RecordedEnd | null>;
  recordRelease(release: FoundRelease, end: RecordedEnd): Promise<void>;
  endOfState(state: string): Promise<RecordedEnd | null>;
  recordState(state: string, end: RecordedEnd): Promise<void>;
  /** The id that a release has in results, for all its versions. */
  idOf(source: string): Promise<string | null>;
  keepId(source: string, id: string): Promise<void>;
}

/** @param programme absolute URI of the programme file. */
export function openLedger(parts: PartStore, programme: string): WatchLedger {
  const keyOf = (...what: readonly string[]): string => sha256(canonicalJson(['watch', programme, ...what]));
  const releaseKey = ({ source, digest }: FoundRelease): string => keyOf('release', source, digest);
  return {
    endOfRelease: (release) => loadJson(parts, releaseKey(release)),
    recordRelease: (release, end) => storeJson(parts, releaseKey(release), end),
    endOfState: (state) => loadJson(parts, keyOf('state', state)),
    recordState: (state, end) => storeJson(parts, keyOf('state', state), end),
    idOf: (source) => loadJson(parts, keyOf('id', source)),
    keepId: (source, id) => storeJson(parts, keyOf('id', source), id),
  };
}
