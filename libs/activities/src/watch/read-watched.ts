import { joinUri, splitUri } from '@jokbo/storage';
import { parseProgrammeFile, type ParsedProgramme } from '../programme/index.js';
import { readText } from '../read-text.js';

/** A programme file as the watcher needs it. */
export interface WatchedProgramme extends ParsedProgramme {
  /** Absolute URI of the file. */
  readonly uri: string;
  /** Text of the rule set where it lies in a file of its own. */
  readonly rulesText: string | null;
}

/**
 * Reads a programme file with what it says of watching.
 *
 * @throws UsageError when it or its rule set is absent, or it is wrong, naming line and key.
 */
export async function readWatched(programme: string): Promise<WatchedProgramme> {
  const uri = joinUri(programme, '');
  const parsed = parseProgrammeFile(await readText(uri, 'programme file'), uri);
  const { name, isPath } = parsed.rules;
  const rulesText = isPath ? await readText(joinUri(splitUri(uri).store, name), 'rule set') : null;
  return { uri, ...parsed, rulesText };
}
