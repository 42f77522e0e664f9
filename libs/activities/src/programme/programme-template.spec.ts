import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProgramme } from './parse-programme.js';
import { programmeTemplate } from './programme-template.js';

describe('a programme that is kept', () => {
  it('is what the template and the zoo hold', () => {
    expect(parseProgramme(programmeTemplate(), 'programme.yaml').references).toHaveLength(3);
    const zoo = readFileSync(new URL('../../../../test/zoo/programme.yaml', import.meta.url), 'utf8');
    const programme = parseProgramme(zoo, 'programme.yaml');
    expect(programme.subjects).toHaveLength(6);
    expect(new Set(programme.references.map(({ family }) => family)).size).toBe(9);
    expect(programme.subjects.find(({ id }) => id === 'exa2-mini')?.lineage[0]?.from).toBe('exa-mini');
  });

  it('is one of the template with every commented line taken in', () => {
    const all = programmeTemplate().replaceAll(/^(\s*)# (- |\w+:| {2})/gm, '$1$2');
    const programme = parseProgramme(all, 'programme.yaml');
    expect(programme.full).toHaveLength(1);
    expect(programme.subjects[0]?.lineage[0]?.components).toEqual(['attention']);
    expect(programme.subjects[0]?.training).toBe('models:my-release-training');
    expect(Object.keys(programme.roots)).toEqual(['models', 'bucket']);
  });
});
