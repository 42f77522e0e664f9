import type { FleetActivities } from '@jokbo/contracts';
import type { CallOutcome } from './stage-calls.js';

/** What one call came to. */
export type JournalEntry = readonly [call: string, outcome: CallOutcome];

/** Entries per page: about 50 KB. */
const ENTRIES_PER_PAGE = 200;

/** Pages that are read or written at a time. */
const PAGES_IN_FLIGHT = 16;

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
  const outcomes = new Map<string, CallOutcome>();
  for (let from = 0; from < pages.length; from += PAGES_IN_FLIGHT) {
    const read = pages.slice(from, from + PAGES_IN_FLIGHT).map((page) => remote.readPage(page));
    for (const entries of (await Promise.all(read)) as (readonly JournalEntry[])[]) {
      for (const [call, outcome] of entries) outcomes.set(call, outcome);
    }
  }
  const added: JournalEntry[] = [];
  return {
    get: (call) => outcomes.get(call),
    set(call, outcome) {
      outcomes.set(call, outcome);
      added.push([call, outcome]);
    },
    async store(writing) {
      const stored = [...pages];
      const all: JournalEntry[][] = [];
      for (let from = 0; from < added.length; from += ENTRIES_PER_PAGE) {
        all.push(added.slice(from, from + ENTRIES_PER_PAGE));
      }
      for (let from = 0; from < all.length; from += PAGES_IN_FLIGHT) {
        const written = all.slice(from, from + PAGES_IN_FLIGHT).map((page) => writing.storePage(page));
        stored.push(...(await Promise.all(written)));
      }
      return stored;
    },
  };
}
