import { describe, expect, it } from 'vitest';
import { plannedOf } from './audit-plan.js';
import { parseProgramme } from './programme/index.js';
import { teamStatements } from './team-statements.js';

const PROGRAMME = `version: 1
name: Lineage
subjects:
  - { id: one, team: A, release: One, source: one, declared: [{ from: base }, { from: twin }, { from: a paper }] }
  - { id: two, team: B, release: Two, source: two }
  - { id: twin, team: C, release: Twin, source: tuned }
references:
  - { id: base, name: Base, source: base }
  - { id: tuned, name: Tuned, source: ./tuned }
`;

describe('teamStatements', () => {
  it('names the reference of each declared ancestor: by its id, or by the subject at the same place', () => {
    const plan = plannedOf(parseProgramme(PROGRAMME, 'p.yaml'), 'file:///data/p.yaml');
    const statements = teamStatements(plan);
    expect(statements.map(({ subject }) => subject)).toEqual(['one']);
    expect(statements[0]?.declared.map(({ from, reference }) => [from, reference])).toEqual([
      ['base', 'base'],
      ['twin', 'tuned'],
      ['a paper', null],
    ]);
  });
});
