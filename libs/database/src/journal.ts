import { DatabaseUnavailable } from '@jokbo/contracts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One entry of the migration journal that drizzle-kit writes. */
export interface JournalEntry {
  readonly idx: number;
  /** Unix time in ms at which the migration was generated. */
  readonly when: number;
  readonly tag: string;
}

/**
 * Reads the journal of a migrations folder and checks that no entry can be skipped: the migrator applies only
 * entries whose `when` is greater than that of the newest one applied, and says nothing about the others.
 *
 * @throws DatabaseUnavailable when the journal is unreadable, `idx` has a gap, or `when` does not increase.
 */
export async function readJournal(folder: string): Promise<readonly JournalEntry[]> {
  const object = join(folder, 'meta', '_journal.json');
  let listed: unknown;
  try {
    listed = (JSON.parse(await readFile(object, 'utf8')) as { entries?: unknown } | null)?.entries;
  } catch (error) {
    throw new DatabaseUnavailable('cannot read the migration journal', { object, cause: error });
  }
  if (!Array.isArray(listed)) throw new DatabaseUnavailable('migration journal without entries', { object });
  const entries = listed as readonly JournalEntry[];
  let before = Number.NEGATIVE_INFINITY;
  for (const [index, entry] of entries.entries()) {
    if (entry.idx !== index) {
      throw new DatabaseUnavailable(`migration journal: entry ${index} has idx ${entry.idx}`, {
        object,
        value: entry.tag,
      });
    }
    if (!(entry.when > before)) {
      throw new DatabaseUnavailable(`migration journal: entry ${index} is not later than the one before it`, {
        object,
        value: entry.tag,
      });
    }
    before = entry.when;
  }
  return entries;
}
