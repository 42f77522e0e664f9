import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZOO } from '../zoo-models.js';
import { SINGLE } from './model-folder.js';

/** The commands that open models. */
export const COMMANDS = ['fingerprint', 'compare', 'audit', 'plan'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** How a command is called on a model; a second model, where it needs one, is sound. */
export function commandOn(command: CommandName, source: string, dir: string): readonly string[] {
  const sound = `${ZOO}${SINGLE}`;
  const out = join(dir, 'out');
  if (command === 'fingerprint') return ['fingerprint', source, '-o', out];
  if (command === 'compare') return ['compare', source, sound, '--format', 'json'];
  const programme = join(dir, 'programme.yaml');
  writeFileSync(programme, programmeText(source, sound));
  return command === 'plan' ? ['plan', programme] : ['audit', programme, '--no-database', '--out', out];
}

/** A programme of one release and one reference. */
export function programmeText(subject: string, reference: string): string {
  return [
    'version: 1',
    'name: Bad input',
    'language: en',
    'subjects:',
    `  - { id: subject, team: Team, release: Release, source: ${JSON.stringify(subject)} }`,
    'references:',
    `  - { id: reference, name: Reference, source: ${JSON.stringify(reference)} }`,
    'rules: { id: jokbo-1-tier1, require_tier3: false }',
    '',
  ].join('\n');
}
