import type { TrainingSection, TrainingTest, TrajectoryPoint } from '@jokbo/contracts';
import { objectFigures, paired, type FigurePlace, type ReproducedFigure } from '../reproduced-figure.js';

/**
 * Holds every figure of a published training section against what was measured again, also what was measured and is not
 * published. Figures of a test bear its name first.
 */
export function trainingFigures(published: TrainingSection, measured: TrainingSection): ReproducedFigure[] {
  const tests = paired(published.tests, measured.tests, ({ test }) => test);
  const points = paired(published.points, measured.points, ({ step, path }) => `${step} ${path}`);
  return [
    ...objectFigures(placeOf('records'), published.records, measured.records),
    ...points.flatMap(([own, other]) => pointFigures(own, other)),
    ...tests.flatMap(([own, other]) => testFigures(own, other)),
    ...paired(published.unreadable, measured.unreadable, ({ object }) => object ?? '').flatMap(
      ([own, other]) => objectFigures(placeOf('unreadable'), own, other),
    ),
  ];
}

function placeOf(of: string): FigurePlace {
  return { component: '', record: null, of };
}

function pointFigures(
  published: TrajectoryPoint | undefined,
  measured: TrajectoryPoint | undefined,
): ReproducedFigure[] {
  const of = `step ${published?.step ?? measured?.step ?? ''}`;
  const references = paired(
    published?.references ?? [],
    measured?.references ?? [],
    ({ reference }) => reference,
  );
  return [
    ...objectFigures(placeOf(of), published, measured, (key) => key === 'references'),
    ...references.flatMap(([own, other]) =>
      objectFigures(placeOf(`${of} ${(own ?? other).reference}`), own, other),
    ),
  ];
}

/** Lists of a test, whose items are held against each other one by one. */
const LISTS = new Set(['figures', 'findings']);

function testFigures(
  published: TrainingTest | undefined,
  measured: TrainingTest | undefined,
): ReproducedFigure[] {
  const test = published?.test ?? measured?.test ?? '';
  const figures = paired(published?.figures ?? [], measured?.figures ?? [], ({ name }) => name);
  const findings = paired(published?.findings ?? [], measured?.findings ?? [], ({ code }) => code);
  return [
    ...objectFigures(placeOf(test), published, measured, (key) => LISTS.has(key)),
    ...figures.flatMap(([own, other]) =>
      objectFigures(placeOf(`${test} ${(own ?? other).name}`), own, other),
    ),
    ...findings.flatMap(([own, other]) =>
      objectFigures(placeOf(`${test} finding ${(own ?? other).code}`), own, other),
    ),
  ];
}
