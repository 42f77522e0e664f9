import type { ResultDocument } from '@jokbo/contracts';
import {
  analystUrl,
  loadParts,
  loadResult,
  openDatabase,
  type DatabaseOptions,
  type WantedParts,
} from '@jokbo/database';
import { keepResults } from './kept-results.js';
import { openViews, type AskViews } from './query-views.js';

/** Everything that was published, read-only. */
export interface Published {
  /** Asks the views as `analyst_ro`. */
  readonly ask: AskViews;
  /**
   * Parts of the result of a digest: what no view holds, and figures in full precision. A run that was published before
   * documents were kept in parts gives all of it.
   */
  readonly parts: (digest: string, wanted: WantedParts) => Promise<ResultDocument>;
  /** Closes the connections, and the embedded server if it was started or joined. */
  close(): Promise<void>;
}

/**
 * Opens the result database for reading.
 *
 * @param analyst connection string of `analyst_ro`; without it, that of the database with the role's own password.
 * @throws DatabaseUnavailable when it cannot be reached, started or migrated.
 */
export async function openPublished(options: DatabaseOptions, analyst?: string): Promise<Published> {
  const database = await openDatabase(options);
  try {
    const views = openViews(analyst ?? (await analystUrl(database.url)));
    const whole = keepResults((digest) => loadResult(database.db, digest));
    return {
      ask: views.ask,
      parts: async (digest, wanted) =>
        (await loadParts(database.db, digest, wanted)) ?? (await whole(digest)),
      close: async () => {
        await views.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
