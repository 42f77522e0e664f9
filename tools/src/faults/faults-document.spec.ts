import { expect, it } from 'vitest';
import { faultsDocument } from './faults-document.js';

it('tells what each fault did, and which did what it should not', () => {
  const page = faultsDocument(
    [
      { name: 'none', faults: 0, audits: 1, errors: [], seconds: 1.2, failure: null },
      {
        name: 'poison',
        faults: 1,
        audits: 1,
        errors: [`Malformed: ${'x'.repeat(80)}`],
        seconds: 3,
        failure: null,
      },
      {
        name: 'kill',
        faults: 9,
        audits: 2,
        errors: [],
        seconds: 8,
        failure: 'the result is 2 times in the database',
        note: '3 of 9 kills were of workers with work.',
      },
    ],
    'seed',
  );
  expect(page).toContain('Seed "seed": 3 scenarios, 10 faults, 1 failed.');
  expect(page).toMatch(/\| none +\| 0 +\| 1 +\| the same document +\| yes +\| 1 +\|/);
  expect(page).toMatch(
    /\| poison +\| 1 +\| 1 +\| Malformed: x{49}…; then the same document +\| yes +\| 3 +\|/,
  );
  expect(page).toMatch(
    /\| kill +\| 9 +\| 2 +\| the same document +\| the result is 2 times in the database +\| 8 +\|/,
  );
  expect(page).toMatch(/\|\n\n3 of 9 kills were of workers with work\.\n$/);
});
