import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptZoo } from './kept-zoo.js';
import { showReport, shown, type OpenReport, type ReportBrowser } from './report-browser.js';
import { shows } from './shown-number.js';

const zoo = keptZoo();
let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(zoo);
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
});

/** Texts of the cells of rows by their ids, or by their order; a cell over several columns is repeated. */
async function rowsOf({ page }: OpenReport, selector: string): Promise<Map<string, string[]>> {
  const cells = 'Array.from(row.cells).flatMap((cell) => Array(cell.colSpan).fill(cell.innerText.trim()))';
  const rows = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}))`;
  return new Map(
    await page.evaluate<[string, string[]][]>(
      `${rows}.map((row, index) => [row.id === '' ? String(index) : row.id, ${cells}])`,
    ),
  );
}

/** What is shown otherwise than the document has it. */
class Differences {
  readonly found: string[] = [];
  count = 0;
  check(where: string, text: string | undefined, value: number | null, bytes = false): void {
    this.count += 1;
    if (!shows(text ?? '', value, bytes))
      this.found.push(`${where}: ${text ?? 'nothing'} for ${value ?? 'null'}`);
  }
  interval(where: string, text: string | undefined, value: readonly [number, number] | null): void {
    const [low, high] = value === null ? [text, text] : (text ?? '').replace(/[[\]]/g, '').split(', ');
    this.check(`${where} low`, low, value?.[0] ?? null);
    this.check(`${where} high`, high, value?.[1] ?? null);
  }
}

describe('numbers of the report of the zoo', () => {
  it('are those of the result document: leaderboard and inputs', async (context) => {
    const open = await shown(report, context).open();
    const differences = new Differences();
    const board = await rowsOf(open, '#leaderboard tbody tr');
    for (const [index, row] of zoo.leaderboard.entries()) {
      const cells = board.get(String(index)) ?? [];
      expect(cells[2]).toBe(row.release);
      differences.check(row.release, cells[4], row.linked_share);
      expect(cells[5]).toBe(`${row.controls_passed}/${row.controls_due}`);
      expect(cells[7]).toBe(`${row.comparable_references}/${row.references}`);
      const z = cells.slice(8).flatMap((cell) => /z (.*)$/s.exec(cell)?.[1] ?? []);
      expect(z).toHaveLength(row.components.length);
    }
    const inputs = await rowsOf(open, 'table[data-table="inputs"] tbody tr');
    for (const [index, model] of zoo.models.entries()) {
      const cells = inputs.get(String(index)) ?? [];
      const { mapped, tensors, parameters, parameters_mapped, excluded, excluded_more } = model.coverage;
      const figures = [model.hidden_size, model.layers, model.parameters];
      figures.forEach((figure, at) => differences.check(`${model.id} ${at}`, cells[3 + at], figure));
      differences.check(model.id, cells[6], model.bytes, true);
      expect(cells[8]).toBe(`${mapped}/${tensors}`);
      differences.check(model.id, cells[9], parameters_mapped / parameters);
      differences.check(model.id, cells[10], excluded.length + excluded_more);
    }
    expect(differences.found).toEqual([]);
    expect(open.problems).toEqual([]);
  });

  it('are those of the result document: components, evidence, controls and maps of every pair', async (context) => {
    const open = await shown(report, context).open();
    await open.page.getByRole('button', { name: 'Open all pairs' }).click();
    await open.page
      .locator('.pair .part:empty, figure.map:not(:has(canvas))')
      .first()
      .waitFor({ state: 'detached' });
    const differences = new Differences();
    const evidence = await rowsOf(open, 'tr[id^="evidence-"]');
    const controls = await rowsOf(open, 'tr[id^="control-"]');
    for (const [index, pair] of zoo.pairs.entries()) {
      const components = await rowsOf(open, `table[data-table="components-${index}"] tbody tr`);
      for (const [position, item] of pair.verdict.components.entries()) {
        const where = `${pair.subject} ${pair.reference} ${item.component}`;
        const cells = components.get(String(position)) ?? [];
        const [z, calibrated, p, adjusted, r] = cells.slice(3);
        const figures = [item.z, item.z_calibrated, item.log10_p, item.log10_p_adjusted, item.r];
        figures.forEach((figure, at) =>
          differences.check(`${where} ${at}`, [z, calibrated, p, adjusted, r][at], figure),
        );
        differences.interval(where, cells[8], item.r_interval);
        [item.r_min, item.r_required, item.n_eff].forEach((figure, at) =>
          differences.check(`${where} r_min ${at}`, cells[9 + at], figure),
        );
        [item.tensors, item.parameters, item.parameters_linked].forEach((figure, at) =>
          differences.check(`${where} size ${at}`, cells[13 + at], figure),
        );
        differences.check(`${where} bytes`, cells[16], item.bytes_identical, true);
      }
      for (const [position, record] of pair.evidence.entries()) {
        const cells = evidence.get(`evidence-${index}-${position}`) ?? [];
        expect(cells[1]).toContain(record.id);
        differences.check(`${record.id} z`, cells[record.tier === 3 ? 3 : 4], record.z);
        if (record.tier === 3) continue;
        differences.check(`${record.id} p`, cells[6], record.log10_p);
        differences.check(`${record.id} r`, cells[7], record.r);
        differences.interval(record.id, cells[8], record.r_interval);
        differences.check(`${record.id} r_min`, cells[9], record.r_min);
        differences.check(`${record.id} n_eff`, cells[10], record.n_eff);
        differences.check(`${record.id} ceiling`, cells[13], record.ceiling);
        differences.check(`${record.id} tensors`, cells[14], record.tensors);
        differences.check(`${record.id} parameters`, cells[15], record.parameters);
      }
      for (const [position, control] of pair.verdict.controls.entries()) {
        const cells = controls.get(`control-${index}-${position}`) ?? [];
        differences.check(`${control.id} z`, cells[5], control.z);
        differences.check(`${control.id} r`, cells[6], control.r);
      }
    }
    await open.page.evaluate(
      "for (const table of document.querySelectorAll('figure.map details')) table.open = true",
    );
    for (const [index, pair] of zoo.pairs.entries()) {
      for (const [position, map] of pair.maps.entries()) {
        const selector = `#map-${index}-${position} tbody tr`;
        await open.page.locator(selector).first().waitFor({ state: 'attached' });
        const rows = await rowsOf(open, selector);
        const cells = [...rows.values()].flatMap((row) => row.slice(1));
        expect(cells).toHaveLength(map.r.length);
        map.r.forEach((r, cell) => differences.check(`map ${index} ${position} ${cell}`, cells[cell], r));
      }
    }
    expect(differences.found).toEqual([]);
    expect(differences.count).toBeGreaterThan(10_000);
    expect(open.problems).toEqual([]);
  });
});
