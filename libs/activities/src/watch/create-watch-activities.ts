import {
  canonicalJson,
  MalformedCheckpoint,
  ObjectMissing,
  UnsupportedArchitecture,
  UnsupportedDtype,
  type FoundRelease,
  type WatchActivities,
} from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { joinUri, openStore } from '@jokbo/storage';
import { sha256 } from '../evidence-store.js';
import { openSource } from '../load-model.js';
import { parseProgrammeFile } from '../programme/index.js';
import { extendedProgramme, type NamedRelease } from './extended-programme.js';
import { findReleases } from './find-releases.js';
import { openLedger, type WatchLedger } from './ledger.js';
import { programmeState } from './programme-state.js';
import { readWatched, type WatchedProgramme } from './read-watched.js';
import { releaseId } from './release-id.js';

export interface WatchDeps {
  readonly parts: PartStore;
  /** Folder or `s3://` prefix that all workers share: programmes with found releases are written below it. */
  readonly work: string;
  readonly signal?: AbortSignal | undefined;
}

/** New releases of one look: their audits run one after another, so that the rest waits for the next look. */
const MOST_RELEASES = 50;

/** What the schema of a programme allows as the name of a release. */
const RELEASE_NAME = /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Letters of digests in ids and paths. */
const KEY_LENGTH = 16;

/** What another version of a checkpoint would cure, and nothing else. */
const REFUSALS = [MalformedCheckpoint, UnsupportedArchitecture, UnsupportedDtype, ObjectMissing];

/** What the workflows of the watcher ask for, over storage alone: no weights are read. */
export function createWatchActivities({ parts, work, signal }: WatchDeps): WatchActivities {
  /** Releases that were audited as they are now, with the ids that they have, and one that is to be. */
  async function included(
    watched: WatchedProgramme,
    found: readonly FoundRelease[],
    due: FoundRelease | null,
  ): Promise<NamedRelease[]> {
    const ledger = openLedger(parts, watched.uri);
    const named: NamedRelease[] = [];
    for (const release of found) {
      const end = await ledger.endOfRelease(release);
      const id = await ledger.idOf(placeOf(release));
      if (end?.failure === null && id !== null) named.push({ ...release, id });
    }
    if (due === null) return named;
    const id = await nameRelease(ledger, watched, named, due);
    // In the order in which they are found, whichever came first: one state has one digest.
    const bySource = new Map([...named, { ...due, id }].map((release) => [release.source, release]));
    return found.flatMap(({ source }) => bySource.get(source) ?? []);
  }

  return {
    async findReleases(programme) {
      const watched = await readWatched(programme);
      const ledger = openLedger(parts, watched.uri);
      const releases: FoundRelease[] = [];
      for (const release of await findReleases(watched, signal)) {
        if (releases.length === MOST_RELEASES) break;
        if ((await ledger.endOfRelease(release)) === null) releases.push(release);
      }
      return { settle: watched.watch.settle, releases };
    },

    async admitAudit(programme, release) {
      const watched = await readWatched(programme);
      const ledger = openLedger(parts, watched.uri);
      const found = await findReleases(watched, signal);
      if (release !== null) {
        const present = found.find(({ source }) => source === release.source);
        if (present?.digest !== release.digest) return { kind: 'moved' };
        if ((await ledger.endOfRelease(release)) !== null) return { kind: 'known' };
        const reason = await refusal(release, signal);
        if (reason !== null) return { kind: 'refused', reason };
      }
      const audited = await included(watched, found, release);
      const state = await programmeState(watched, audited, signal);
      if (release === null && (await ledger.endOfState(state)) !== null) return { kind: 'known' };
      const place = audited.length === 0 ? watched.uri : await writeProgramme(watched, audited, state);
      const audit = `audit/${sha256(`${watched.uri} ${state}`).slice(0, KEY_LENGTH)}`;
      return { kind: 'audit', audit, programme: place, state };
    },

    async recordAudit({ programme, release, state, failure }) {
      const ledger = openLedger(parts, joinUri(programme, ''));
      if (release !== null) await ledger.recordRelease(release, { failure });
      if (failure === null) await ledger.recordState(state, { failure });
    },
  };

  async function writeProgramme(
    watched: WatchedProgramme,
    releases: readonly NamedRelease[],
    state: string,
  ): Promise<string> {
    const { rules, rulesText, uri } = watched;
    const folder = `watch/${sha256(uri).slice(0, KEY_LENGTH)}`;
    const ruleFile = rulesText === null ? rules.name : `rules-${sha256(rulesText).slice(0, KEY_LENGTH)}.yaml`;
    const text = canonicalJson(extendedProgramme(watched, releases, ruleFile));
    const path = `${folder}/${state}.yaml`;
    const place = joinUri(work, path);
    // Whatever a team named its folder: a programme that workers would refuse is refused here.
    parseProgrammeFile(text, place);
    const store = openStore(work);
    try {
      if (rulesText !== null) await store.write(`${folder}/${ruleFile}`, Buffer.from(rulesText), signal);
      await store.write(path, Buffer.from(text), signal);
    } finally {
      await store.close();
    }
    return place;
  }
}

/** The id of a release: that of its earlier versions, else one that no other model has. */
async function nameRelease(
  ledger: WatchLedger,
  { programme }: WatchedProgramme,
  others: readonly NamedRelease[],
  due: FoundRelease,
): Promise<string> {
  const place = placeOf(due);
  const kept = await ledger.idOf(place);
  if (kept !== null) return kept;
  const taken = [...programme.subjects, ...programme.references, ...others].map(({ id }) => id.toLowerCase());
  const id = releaseId(due.release, place, new Set(taken));
  await ledger.keepId(place, id);
  return id;
}

/** What all versions of a release have in common. */
function placeOf({ place, source }: FoundRelease): string {
  return place ?? source;
}

/** Why a release cannot be audited as it is: null where it can. Headers are read, weights are not. */
async function refusal({ release, source }: FoundRelease, signal?: AbortSignal): Promise<string | null> {
  if (!RELEASE_NAME.test(release)) return 'the name of the folder cannot be shown';
  try {
    const opened = await openSource(source, signal);
    await opened.store.close();
    // Whoever drops a release would else say itself what was measured of it.
    return opened.kind === 'fingerprint' ? 'a release is a checkpoint, not a fingerprint' : null;
  } catch (error) {
    if (error instanceof Error && REFUSALS.some((type) => error instanceof type)) return error.message;
    throw error;
  }
}
