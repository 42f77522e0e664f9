import type { ResultDocument, TrainingFigure, TrainingSection } from '@jokbo/contracts';
import { MESSAGES, trainingCode } from '@jokbo/report';
import type { Page } from 'playwright-core';
import { rowsOf, textsOf, type Differences } from './differences.js';

/** Compares the references of a release, and its tests without one. `index` is its place on the page. */
export async function checkRelease(
  page: Page,
  document: ResultDocument,
  subject: string,
  index: number,
  differences: Differences,
): Promise<void> {
  const rows = await rowsOf(page, `table[data-table="release-${index}"] tbody tr`);
  const pairs = document.pairs.filter((pair) => pair.subject === subject);
  for (const [position, { reference, verdict }] of pairs.entries()) {
    const cells = rows.get(String(position)) ?? [];
    const where = `${subject} ${reference}`;
    differences.same(where, cells[0], document.models.find(({ id }) => id === reference)?.name ?? reference);
    const linked = verdict.comparable_share === 0 ? null : verdict.linked_share;
    differences.check(`${where} share`, cells[2], linked);
    differences.check(`${where} comparable`, cells[3], verdict.comparable_share);
  }
  const tests = await rowsOf(page, `tr[id^="self-${index}-"]`);
  const records = document.self_tests?.find((entry) => entry.subject === subject)?.records ?? [];
  for (const [position, record] of records.entries()) {
    const cells = tests.get(`self-${index}-${position}`) ?? [];
    differences.check(`${record.id} z`, cells[3], record.z);
    differences.check(`${record.id} p`, cells[5], record.log10_p);
    differences.check(`${record.id} r`, cells[6], record.r);
    differences.check(`${record.id} parameters`, cells[7], record.parameters);
    differences.named(record.id, cells[9], record.details);
  }
}

/** Compares outcome and reasons of every criterion of a release. `index` is its place on the page. */
export async function checkCriteria(
  page: Page,
  { evaluations = [] }: ResultDocument,
  subject: string,
  index: number,
  differences: Differences,
): Promise<void> {
  const rows = await rowsOf(page, `table[data-table="criteria-${index}"] tbody tr`);
  const criteria = evaluations.find((entry) => entry.subject === subject)?.criteria ?? [];
  for (const [position, { id, kind, outcome, reasons }] of criteria.entries()) {
    const cells = rows.get(String(position)) ?? [];
    differences.same(`${subject} ${id}`, cells[1], MESSAGES.en[`kind_${kind}`]);
    differences.same(`${subject} ${id}`, cells[2], MESSAGES.en[`outcome_${outcome}`]);
    const written = reasons.map(({ text }) => text).join('; ');
    if (reasons.every(({ message }) => message === undefined))
      differences.same(`${subject} ${id}`, cells[3], written);
  }
}

const RELATIONS = { at_least: '≥', at_most: '≤' } as const;

function checkLimit(
  where: string,
  text: string | undefined,
  figure: TrainingFigure,
  differences: Differences,
): void {
  if (figure.limit === null) {
    differences.same(where, text, '');
    return;
  }
  const [sign, limit] = (text ?? '').split(' ');
  differences.same(`${where} relation`, sign, RELATIONS[figure.relation ?? 'at_most']);
  differences.check(`${where} limit`, limit, figure.limit);
}

/** Compares the training records of a release: deciding figures, the path, and all figures. */
export async function checkTraining(
  page: Page,
  section: TrainingSection,
  index: number,
  differences: Differences,
): Promise<void> {
  const rows = await rowsOf(page, `table[data-table="training-${index}"] tbody tr`);
  const lists = await textsOf(page, `section.training:nth-of-type(${index + 1}) > details li`);
  for (const [position, test] of section.tests.entries()) {
    const [, , name, value, limit, at] = rows.get(String(position)) ?? [];
    const where = `${section.subject} ${test.test}`;
    const figure = test.figures.find((one) => one.name === name);
    if (figure === undefined) {
      differences.same(where, name, trainingCode(test.reason ?? '', 'en'));
      differences.check(where, value, null);
    } else {
      differences.check(where, value, figure.value);
      checkLimit(where, limit, figure, differences);
      differences.same(`${where} at`, at, figure.at ?? '');
    }
    const list = (lists[position] ?? '').replace(/\s+/g, ' ');
    for (const one of test.figures) {
      if (one.value === null) continue;
      const start = list.indexOf(` ${one.name} `);
      const [shown, ...rest] = start < 0 ? [] : list.slice(start + one.name.length + 2).split(' ');
      differences.check(`${where} ${one.name}`, shown?.replace(/;$/, ''), one.value);
      if (one.limit !== null)
        checkLimit(`${where} ${one.name}`, rest.slice(0, 2).join(' ').replace(/;.*$/, ''), one, differences);
    }
  }
  const path = await rowsOf(page, `table[data-table="path-${index}"] tbody tr`);
  for (const [position, point] of section.points.entries()) {
    const cells = path.get(String(position)) ?? [];
    const sizes = point.references.flatMap(({ joint_z, primary_z }) =>
      [joint_z, primary_z].flatMap((z) => (z === null ? [] : [Math.abs(z)])),
    );
    const figures = [
      point.step,
      point.start_z,
      point.start_share,
      point.previous_z,
      point.previous_cosine,
      point.previous_step_ratio,
      sizes.length === 0 ? null : Math.max(...sizes),
    ];
    figures.forEach((figure, at) =>
      differences.check(`${section.subject} step ${point.step} ${at}`, cells[at], figure),
    );
  }
}
