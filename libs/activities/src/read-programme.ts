import type { Programme } from '@jokbo/contracts';
import { joinUri, splitUri } from '@jokbo/storage';
import { parseProgrammeFile, withRules } from './programme/index.js';
import { readRules } from './read-rules.js';
import { readText } from './read-text.js';

/**
 * Reads and validates a programme file, with the rule set that it names.
 *
 * @throws UsageError when it is absent or wrong, naming line and key.
 */
export async function readProgramme(uri: string): Promise<Programme> {
  const parsed = parseProgrammeFile(await readText(uri, 'programme file'), uri);
  const { name, isPath } = parsed.rules;
  return withRules(parsed, await readRules(isPath ? joinUri(splitUri(uri).store, name) : name));
}
