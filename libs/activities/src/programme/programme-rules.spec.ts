import { expect, it } from 'vitest';
import { parseProgramme, parseProgrammeFile } from './parse-programme.js';

const PROGRAMME = `version: 1
name: N
subjects: [{ id: a, team: T, release: R, source: a }]
references: [{ id: b, name: B, source: b }]
`;

it.each([
  ['rules: round-1', { name: 'round-1', isPath: false, requireTier3: null }],
  ['rules: { id: round-1, require_tier3: true }', { name: 'round-1', isPath: false, requireTier3: true }],
  ['rules: rules/mine.yaml', { name: 'rules/mine.yaml', isPath: true, requireTier3: null }],
  ['rules: { require_tier3: false }', { name: 'jokbo-1-tier1', isPath: false, requireTier3: false }],
])('names its rule set by %s', (line, rules) => {
  const text = `${PROGRAMME}${line}\n`;
  expect(parseProgrammeFile(text, 'p.yaml').rules).toEqual(rules);
  if (rules.isPath) expect(() => parseProgramme(text, 'p.yaml')).toThrow(/a file of its own/);
  else expect(parseProgramme(text, 'p.yaml').rules.id).toBe(rules.name);
});
