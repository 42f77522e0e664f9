import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptZoo } from './kept-zoo.js';
import { showReport, shown, type ReportBrowser } from './report-browser.js';

const zoo = keptZoo();
let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(zoo);
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
});

/** A pair that stands folded when the report is opened, and that has maps. */
const FOLDED = zoo.pairs.findIndex(
  ({ verdict, maps }) => verdict.verdict === 'no_link_found' && maps.length > 0,
);
const [map] = zoo.pairs[FOLDED]?.maps ?? [];
if (map === undefined) throw new Error('no folded pair has maps');

const LINKED = zoo.pairs.findIndex(({ verdict }) => verdict.verdict === 'derived');

/** Width of A4 across within its margins, 273 mm. Pixels. */
const PAPER = 1032;

/** What a page has downloaded by a click. */
async function downloaded(page: Page, click: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return readFile(await download.path(), 'utf8');
}

/** Opens a pair, where it is not. */
async function unfold(page: Page, index: number): Promise<void> {
  const pair = page.locator(`#pair-${index}`);
  if ((await pair.getAttribute('open')) === null) await pair.locator('summary').first().click();
  await pair.locator('table.evidence').waitFor();
}

describe('the report of the zoo, opened from disk', () => {
  it('shows every release and asks for nothing else', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const names = await page.locator('#leaderboard tbody th').allInnerTexts();
    expect(names).toEqual(zoo.leaderboard.map(({ release }) => release));
    expect(problems).toEqual([]);
  });

  it('sorts the leaderboard by a column, up and down', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const releases = zoo.leaderboard.map(({ release }) => release);
    const head = page.locator('#leaderboard thead th').nth(2);
    const names = page.locator('#leaderboard tbody th');
    await head.getByRole('button').click();
    expect(await names.allInnerTexts()).toEqual(releases.toSorted());
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await head.getByRole('button').click();
    expect(await names.allInnerTexts()).toEqual(releases.toSorted().reverse());
    expect(problems).toEqual([]);
  });

  it('filters a table, keeps that and the order in the address, and comes back to it', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const rows = page.locator('#inputs table[data-table="inputs"] tbody tr:visible');
    const references = zoo.models.filter(({ role }) => role === 'reference').map(({ name }) => name);
    await page.locator('#inputs input[type="search"]').first().fill('reference');
    expect(await rows.count()).toBe(references.length);
    await page.locator('#inputs thead').first().getByRole('button', { name: 'model' }).click();
    const shownNames = () => rows.locator('th').allInnerTexts();
    expect(await shownNames()).toEqual(references.toSorted());

    await page.getByRole('link', { name: 'Method', exact: true }).click();
    await page.waitForURL(/#method\?/);
    const address = page.url();
    await page.reload();
    expect(page.url()).toBe(address);
    expect(await shownNames()).toEqual(references.toSorted());
    expect(problems).toEqual([]);
  });

  it('sorts training records, criteria, context and alignments too, as the address says', async (context) => {
    const aligned = zoo.pairs.findIndex(({ alignments = [] }) => alignments.length > 0);
    const pair = zoo.pairs[aligned];
    const record = pair?.evidence.findIndex(({ method }) => method === 'norm_context') ?? -1;
    expect(record).toBeGreaterThanOrEqual(0);
    const tables = ['training-0', 'path-0', 'criteria-0', `alignments-${aligned}`, `context-${aligned}-0`];
    const state = tables.map((key) => `${key}.sort=-0`).join('&');
    const { page, problems } = await shown(report, context).open({}, `#pair-${aligned}?${state}`);
    for (const key of tables) {
      const table = page.locator(`table[data-table="${key}"]`);
      await table.locator('th[aria-sort="descending"]').waitFor();
      const heads = await table.locator('tbody th[scope="row"]').allInnerTexts();
      const keys = heads.map((head) => (Number.isNaN(Number(head)) ? head : Number(head)));
      const falling = keys.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
      expect([key, keys]).toEqual([key, falling]);
    }
    const criteria = page.locator('#criteria').getByRole('button', { name: 'outcome' }).first();
    await criteria.click();
    expect(page.url()).toContain('criteria-0.sort=2');
    expect(page.url()).toContain('training-0.sort=-0');
    expect(problems).toEqual([]);
  });

  it('colours a map on the scale that its legend names', async (context) => {
    const { page, problems } = await shown(report, context).open({}, `#map-${FOLDED}-0`);
    const figure = page.locator(`#map-${FOLDED}-0`);
    await figure.locator('.plot canvas').waitFor();
    const ends = (): Promise<number[][]> =>
      page.evaluate(
        `(() => {
          const copy = Object.assign(document.createElement('canvas'), { width: 256, height: 1 });
          const colours = copy.getContext('2d', { willReadFrequently: true });
          colours.drawImage(document.querySelector('#map-${FOLDED}-0 canvas.bar'), 0, 0);
          return [0, 127, 255].map((at) => Array.from(colours.getImageData(at, 0, 1, 1).data.slice(0, 3)));
        })()`,
      );
    const grey = ([red = 0, green = 0, blue = 0]: number[] = []): boolean =>
      Math.max(red, green, blue) - Math.min(red, green, blue) < 8;
    for (const [quantity, legend, diverges] of [
      ['r', 'fixed scale −1 to 1: blue below 0, grey at 0', true],
      ['z', 'lines at ±2.58 hold 99 % of the null', true],
      ['cosine', 'fixed scale −1 to 1 without a middle', false],
    ] as const) {
      await figure.locator('select').selectOption(quantity);
      expect(await figure.locator('.scale').innerText()).toContain(legend);
      const [low = [], middle = [], high = []] = await ends();
      expect([quantity, grey(middle)]).toEqual([quantity, diverges]);
      expect([quantity, (low[2] ?? 0) > (low[0] ?? 0), (high[0] ?? 0) > (high[2] ?? 0)]).toEqual([
        quantity,
        true,
        true,
      ]);
      expect(await figure.locator('.ticks i').count()).toBe(quantity === 'z' ? 2 : 0);
    }
    expect(problems).toEqual([]);
  });

  it('opens the pair that the address names, and goes on to a record of it', async (context) => {
    const { page, problems } = await shown(report, context).open({}, `#evidence-${FOLDED}-0`);
    const record = page.locator(`#evidence-${FOLDED}-0.named`);
    await record.waitFor();
    expect(await record.innerText()).toContain(zoo.pairs[FOLDED]?.evidence[0]?.id);
    await page.locator(`#pair-${FOLDED} ul a[href^="#evidence-"]`).first().click();
    await page.locator('tr.named:not([id$="-0"])').waitFor();
    expect(problems).toEqual([]);
  });

  it('reads a map by pointer and by keys', async (context) => {
    const { page, problems } = await shown(report, context).open({}, `#map-${FOLDED}-0`);
    const plot = page.locator(`#map-${FOLDED}-0 .plot`);
    const read = page.locator(`#map-${FOLDED}-0 output.read`);
    await plot.hover({ position: { x: 2, y: 2 } });
    const row = map.row_layers ?? [];
    const column = map.column_layers ?? [];
    const cell = (layer: number, other: number) =>
      `subject layer ${row[layer] ?? layer}, reference layer ${column[other] ?? other}:`;
    expect(await read.innerText()).toContain(cell(0, 0));
    await plot.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await read.innerText()).toContain(cell(1, 1));
    const r = map.r[map.columns + 1];
    expect(await read.innerText()).toContain(r === null ? 'not measured' : `r ${r?.toFixed(4)}`);
    await page.keyboard.press('End');
    expect(await read.innerText()).toContain(cell(1, map.columns - 1));
    expect(problems).toEqual([]);
  });

  it('gives a map as a table and as CSV', async (context) => {
    const { page, problems } = await shown(report, context).open({}, `#map-${FOLDED}-0`);
    const figure = page.locator(`#map-${FOLDED}-0`);
    await figure.getByText('The same map as a table').click();
    expect(await figure.locator('tbody td').count()).toBe(map.rows * map.columns);
    const csv = await downloaded(page, () => figure.getByRole('button', { name: 'CSV' }).click());
    const [head, ...lines] = csv.trimEnd().split('\r\n');
    expect(head).toBe('subject_layer,reference_layer,r,cosine,z');
    expect(lines).toHaveLength(map.rows * map.columns);
    const [, , r, cosine, z] = (lines[1] ?? '').split(',').map(Number);
    expect([r, cosine, z]).toEqual(
      [map.r[1]?.toFixed(4), map.cosine[1]?.toFixed(4), map.z[1]?.toFixed(2)].map(Number),
    );
    expect(problems).toEqual([]);
  });

  it('draws every measured statistic of a pair on its null', async (context) => {
    const { page, problems } = await shown(report, context).open({}, `#pair-${FOLDED}`);
    const pair = page.locator(`#pair-${FOLDED}`);
    await pair.locator('table.evidence').waitFor();
    const measured = zoo.pairs[FOLDED]?.evidence.filter(({ tier, z }) => tier !== 3 && z !== null) ?? [];
    const pictures = pair.locator('table.evidence svg.null');
    expect(measured.length).toBeGreaterThan(10);
    expect(await pictures.count()).toBe(measured.length);
    const spoken = await Promise.all(
      (await pictures.all()).map((picture) => picture.getAttribute('aria-label')),
    );
    for (const { z } of measured) {
      const words = `z ${Number(z?.toFixed(2))} on a standard normal null`;
      expect(spoken.some((text) => text?.startsWith(words))).toBe(true);
    }
    expect(problems).toEqual([]);
  });

  it('switches all of its words to Korean and back', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const title = page.getByRole('heading', { level: 1 });
    expect(await title.innerText()).toBe('Lineage audit of released weights');
    await page.getByRole('button', { name: '한국어' }).click();
    expect(await title.innerText()).toBe('공개 가중치 계보 감사');
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await title.innerText()).toBe('Lineage audit of released weights');
    expect(problems).toEqual([]);
  });

  it('is no wider than a telephone: wide tables scroll by themselves', async (context) => {
    const { page, problems } = await shown(report, context).open();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const index of [FOLDED, LINKED]) await unfold(page, index);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(problems).toEqual([]);
  });

  it('prints every column of a pair within the paper', async (context) => {
    const { page, problems } = await shown(report, context).open();
    await page.setViewportSize({ width: PAPER, height: 700 });
    await page.emulateMedia({ media: 'print' });
    for (const index of [FOLDED, LINKED]) await unfold(page, index);
    const tables = `Array.from(document.querySelectorAll('table')).filter((table) => table.checkVisibility())`;
    const ends = await page.evaluate<number[]>(
      `${tables}.map((table) => table.getBoundingClientRect().right)`,
    );
    expect(ends.length).toBeGreaterThan(10);
    expect(Math.max(...ends)).toBeLessThanOrEqual(PAPER);
    expect(problems).toEqual([]);
  });

  it('prints to PDF', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(problems).toEqual([]);
  });
});
