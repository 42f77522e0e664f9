import { readFileSync } from 'node:fs';
import { validateResult } from '@jokbo/activities';
import type { ResultDocument } from '@jokbo/contracts';
import { addressOf } from '@jokbo/web';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, type LookedAt } from '../specs/browser/axe-violations.js';
import { showReport, shown, type ReportBrowser } from '../specs/browser/report-browser.js';
import { showSite, type SiteBrowser } from '../specs/browser/site-browser.js';
import { WINDOWS } from '../specs/browser/windows.js';

/** The result of `npm run demo`, where no other is named. */
const DEMO = new URL('../../.jokbo/demo/result.json', import.meta.url);
const result = readResult(process.env['JOKBO_AXE_RESULT'] ?? '');
const draft = { ...result, programme: { ...result.programme, name: 'a draft' } };

/** Places of the report and pages of the site, each looked at in one of the windows in turn. */
const PAIRS = result.pairs.map(({ subject, reference }, at) => ({
  ...{ at, subject, reference },
  ...window(at),
}));
const RELEASES = result.leaderboard.map(({ subject }, at) => ({ subject, ...window(at) }));

/** What was looked at in all; said at the end. */
const seen = { pages: 0, rows: 0, maps: 0 };

let report: ReportBrowser | string;
let site: SiteBrowser | string;
beforeAll(async () => {
  report = await showReport(result);
  site = await showSite([result], draft);
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
  if (typeof site !== 'string') await site.close();
  process.stderr.write(`axe: ${seen.pages} parts and pages, ${seen.rows} rows, ${seen.maps} maps\n`);
});

describe('every pair of the report, with every row and map', () => {
  it.for(PAIRS)(
    'meets WCAG 2.2 AA: $subject and $reference, $width px, $colorScheme, $language',
    async ({ at, width, colorScheme, language }, context) => {
      const { page, problems } = await shown(report, context).open(
        { viewport: { width, height: 900 }, colorScheme },
        `#pair-${at}?lang=${language}`,
      );
      expect(await violations(page, { include: `#pair-${at}` })).toEqual([]);
      expect(problems).toEqual([]);
    },
  );

  it('meets WCAG 2.2 AA around them', async (context) => {
    const { page, problems } = await shown(report, context).open();
    expect(await violations(page, { exclude: '#pairs' })).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('every page of the site, with every row and map', () => {
  it.for([
    ...RELEASES.map(({ subject, ...where }) => ({ path: `/releases/${addressOf(subject)}`, ...where })),
    ...PAIRS.map(({ subject, reference, at }) => ({
      path: `/pairs/${addressOf(subject, reference)}`,
      ...window(at + 1),
    })),
    ...['/', '/runs', '/running', '/drafts'].map((path, at) => ({ path, ...window(at) })),
  ])(
    'meets WCAG 2.2 AA: $path, $width px, $colorScheme, $language',
    async ({ path, width, colorScheme, language }, context) => {
      const { page, problems } = await shown(site, context).open(`${path}?lang=${language}`, {
        viewport: { width, height: 900 },
        colorScheme,
      });
      expect(await violations(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );
});

function window(at: number): (typeof WINDOWS)[number] {
  return WINDOWS[at % WINDOWS.length] ?? WINDOWS[0];
}

function readResult(path: string): ResultDocument {
  const document = JSON.parse(readFileSync(path === '' ? DEMO : path, 'utf8')) as ResultDocument;
  validateResult(document);
  return document;
}

/** Opens every part that is looked at, waits until all is drawn, and asks axe about it. */
async function violations(page: Page, looked: LookedAt = {}): ReturnType<typeof axeViolations> {
  const { include = 'body', exclude = '.none' } = looked;
  await page.evaluate(`(() => {
    const looked = (node) => node.closest(${JSON.stringify(include)}) && !node.closest(${JSON.stringify(exclude)});
    for (const node of document.querySelectorAll('details')) if (looked(node)) node.open = true;
  })()`);
  const found = (part: string): Locator => page.locator(`:is(${include}) ${part}:not(:is(${exclude}) *)`);
  await found('.part:empty').first().waitFor({ state: 'detached' });
  await found('figure.map:not(:has(canvas))').first().waitFor({ state: 'detached' });
  seen.pages += 1;
  seen.rows += await found('tbody tr').count();
  seen.maps += await found('figure.map').count();
  const broken = await axeViolations(page, looked);
  process.stderr.write(`axe: ${page.url()}: ${broken.length} rules broken\n`);
  return broken;
}
