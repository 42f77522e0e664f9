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

  it('prints to PDF', async (context) => {
    const { page, problems } = await shown(report, context).open();
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(problems).toEqual([]);
  });
});
