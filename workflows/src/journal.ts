import type { FleetActivities } from '@jokbo/contracts';
import { readPages, storePages } from './pages.js';
import type { CallOutcome } from './stage-calls.js';

/** What one call came to. */
export type JournalEntry = readonly [call: string, outcome: CallOutcome];

/** Entries per page: about 50 KB. */
const ENTRIES_PER_PAGE = 200;

/**
 * What the calls of an audit came to. A run of an audit that goes on with a new history asks all its calls again; those of
 * the journal are answered from it.
 */
export interface Journal {
  get(call: string): CallOutcome | undefined;
  set(call: string, outcome: CallOutcome): void;
  /** Writes what is new since the journal was opened; keys of all pages, in order. */
  store(remote: FleetActivities): Promise<readonly string[]>;
}

/** @param pages keys of the pages of the run before. */
export async function openJournal(pages: readonly string[], remote: FleetActivities): Promise<Journal> {
  const outcomes = new Map<string, CallOutcome>(await readPages<JournalEntry>(remote, pages));
  const added: JournalEntry[] = [];
  return {
    get: (call) => outcomes.get(call),
    set(call, outcome) {
      outcomes.set(call, outcome);
      added.push([call, outcome]);
    },
    store: async (writing) => [...pages, ...(await storePages(writing, added, ENTRIES_PER_PAGE))],
  };
}
