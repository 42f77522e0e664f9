import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RuleSet } from '@jokbo/contracts';
import { parseRuleSet } from './parse-rule-set.js';

/** Rule sets that come with Jokbo, as files of `@jokbo/verdict`. */
export const BUILT_IN_RULES = ['jokbo-1-tier1', 'round-1'] as const;
export type BuiltInRules = (typeof BUILT_IN_RULES)[number];

/** What a programme is judged by where it names nothing. */
export const DEFAULT_RULES: BuiltInRules = 'jokbo-1-tier1';

/** A name that is a path to a rule set: relative, below where it is written, YAML. */
const RULES_PATH = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\:]+\.ya?ml$/;

export function isBuiltIn(name: string): name is BuiltInRules {
  return BUILT_IN_RULES.some((id) => id === name);
}

/** Whether a name is a path below the programme file, not one of a built-in rule set. */
export function isRulesPath(name: string): boolean {
  return RULES_PATH.test(name);
}

/** Reads a rule set that comes with Jokbo. */
export function builtInRules(id: BuiltInRules): RuleSet {
  const path = createRequire(import.meta.url).resolve(`@jokbo/verdict/rules/${id}.yaml`);
  return parseRuleSet(readFileSync(path, 'utf8'), path);
}
