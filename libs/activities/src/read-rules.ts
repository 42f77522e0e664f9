import type { RuleSet } from '@jokbo/contracts';
import { builtInRules, isBuiltIn, parseRuleSet } from './programme/index.js';
import { readText } from './read-text.js';

/**
 * Reads a rule set: one that comes with Jokbo by its id, any other from its file.
 *
 * @throws UsageError when it is absent or wrong, naming line and key.
 */
export async function readRules(idOrUri: string): Promise<RuleSet> {
  if (isBuiltIn(idOrUri)) return builtInRules(idOrUri);
  return parseRuleSet(await readText(idOrUri, 'rule set'), idOrUri);
}
