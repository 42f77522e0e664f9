import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { ResultDocument, TrainingSection } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { forged, leaves, nameOf } from '../../specs/forged-values.js';
import { trainingFigures } from './training-figures.js';

const KEPT = new URL('../../../../test/fixtures/zoo-results.json.br', import.meta.url);
const [document] = JSON.parse(brotliDecompressSync(readFileSync(KEPT)).toString('utf8')) as ResultDocument[];
const found = document?.training?.[0];
if (found === undefined) throw new Error('the fixture has a training section');
const section: TrainingSection = {
  ...found,
  reproduce: 'jokbo trajectory a --training b --features 1',
  unreadable: [{ object: 'records/step-1', message: 'no header' }],
};

/** What was measured again bears no command. */
const measured: TrainingSection = { ...structuredClone(section), reproduce: undefined };

const wrong = (published: TrainingSection): string[] =>
  trainingFigures(published, measured)
    .filter(({ match }) => !match)
    .map(({ name }) => name);

describe('the figures of a training section', () => {
  it('match where the same was measured', () => {
    expect(wrong(section)).toEqual([]);
    expect(trainingFigures(section, measured).length).toBeGreaterThan(300);
  });

  it('do not match where any value was changed, but for names of the release', () => {
    const unseen = leaves(section).filter((path) => wrong(forged(section, path)).length === 0);
    expect(unseen.map(nameOf)).toEqual(['subject', 'reproduce']);
  });

  it('bear the name of their test first', () => {
    const tests = section.tests.map((test) =>
      test.test === 'path_smooth'
        ? { ...test, figures: test.figures.slice(1), findings: [{ code: 'x', at: null, value: 1 }] }
        : test,
    );
    const names = wrong({ ...section, tests });
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !name.startsWith('path_smooth '))).toEqual([]);
  });

  it.each(['points', 'tests'] as const)('do not match where one of the %s was taken away or added', (key) => {
    const items = section[key];
    expect(wrong({ ...section, [key]: items.slice(1) })).not.toEqual([]);
    expect(wrong({ ...section, [key]: [...items, items[0]] })).not.toEqual([]);
  });
});
