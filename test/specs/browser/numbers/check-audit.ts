import type { ModelSummary, ResultDocument } from '@jokbo/contracts';
import { MESSAGES } from '@jokbo/report';
import type { Page } from 'playwright-core';
import { textsOf, rowsOf, type Differences } from './differences.js';

/** Compares the leaderboard: share, controls, coverage, references, and z of every component. */
export async function checkLeaderboard(
  page: Page,
  document: ResultDocument,
  differences: Differences,
): Promise<void> {
  const heads = await textsOf(page, '#leaderboard thead th');
  const board = await rowsOf(page, '#leaderboard tbody tr');
  for (const [index, row] of document.leaderboard.entries()) {
    const cells = board.get(String(index)) ?? [];
    differences.same(row.subject, cells[2], row.release);
    differences.check(
      `${row.subject} share`,
      cells[4],
      row.comparable_references === 0 ? null : row.linked_share,
    );
    differences.same(row.subject, cells[5], `${row.controls_passed}/${row.controls_due}`);
    const coverage = document.models.find(({ id }) => id === row.subject)?.coverage;
    differences.check(
      `${row.subject} coverage`,
      cells[6],
      coverage === undefined ? null : coverage.parameters_mapped / coverage.parameters,
    );
    differences.same(row.subject, cells[7], `${row.comparable_references}/${row.references}`);
    for (const item of row.components) {
      const cell = cells[heads.indexOf(MESSAGES.en[`component_${item.component}`])];
      const where = `${row.subject} ${item.component}`;
      differences.check(`${where} z`, /z (.*)$/s.exec(cell ?? '')?.[1], item.z);
      const nearest = document.models.find(({ id }) => id === item.nearest)?.name ?? item.nearest;
      if (nearest !== null && cell?.includes(nearest) !== true)
        differences.found.push(`${where}: ${cell ?? 'nothing'} for ${nearest}`);
    }
  }
}

/** Compares the table of inputs, and what was not scanned of each. */
export async function checkInputs(
  page: Page,
  models: readonly ModelSummary[],
  differences: Differences,
): Promise<void> {
  const inputs = await rowsOf(page, 'table[data-table="inputs"] tbody tr');
  for (const [index, model] of models.entries()) {
    const cells = inputs.get(String(index)) ?? [];
    const { mapped, tensors, parameters, parameters_mapped, excluded, excluded_more } = model.coverage;
    const figures = [model.hidden_size, model.layers, model.parameters];
    figures.forEach((figure, at) => differences.check(`${model.id} ${at}`, cells[3 + at], figure));
    differences.check(`${model.id} bytes`, cells[6], model.bytes, true);
    differences.check(`${model.id} files`, cells[7], model.files.length);
    differences.same(model.id, cells[8], `${mapped}/${tensors}`);
    differences.check(`${model.id} coverage`, cells[9], parameters_mapped / parameters);
    differences.check(`${model.id} excluded`, cells[10], excluded.length + excluded_more);
    const rows = await rowsOf(page, `table[data-table="excluded-${index}"] tbody tr`);
    for (const [position, item] of excluded.entries()) {
      const [tensor, , size] = rows.get(String(position)) ?? [];
      differences.same(`${model.id} excluded`, tensor, item.stored);
      differences.check(`${model.id} ${item.stored}`, size, item.parameters);
    }
  }
}

/** Compares λ of every statistic with its pairs, pooled and by component. */
export async function checkCalibration(
  page: Page,
  { calibration }: ResultDocument,
  differences: Differences,
): Promise<void> {
  const lines = await textsOf(page, '#calibration figcaption');
  for (const [index, { statistic, lambda, pairs, components = [] }] of calibration.entries()) {
    const line = lines[index] ?? '';
    const where = `calibration of ${statistic}`;
    const [, shown, counted] = /λ\D*?(\d[\d.]*)\D+?(\d+)/.exec(line) ?? [];
    differences.check(`${where} λ`, shown, lambda);
    differences.check(`${where} pairs`, counted, pairs);
    for (const item of components) {
      const label = MESSAGES.en[`component_${item.component}`];
      const [, of, on] = new RegExp(`${label} (\\S+)\\s+\\((\\d+)\\)`).exec(line) ?? [];
      differences.check(`${where} ${label} λ`, of === '–' ? 'not measured' : of, item.lambda);
      differences.check(`${where} ${label} pairs`, on, item.pairs);
    }
  }
}

/** Compares the thresholds of the rule set. */
export async function checkThresholds(
  page: Page,
  { rules }: ResultDocument,
  differences: Differences,
): Promise<void> {
  const rows = await rowsOf(page, '#method table.figures tbody tr');
  const shown = new Map([...rows.values()].map(([name = '', value]) => [name, value]));
  const walk = (values: object, prefix: string): void => {
    for (const [name, value] of Object.entries(values) as [string, unknown][]) {
      if (typeof value === 'number') differences.check(prefix + name, shown.get(prefix + name), value);
      else if (typeof value === 'object' && value !== null) walk(value, `${prefix}${name}.`);
    }
  };
  walk(rules.thresholds, '');
}
