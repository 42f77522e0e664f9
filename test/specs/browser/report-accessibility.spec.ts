import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from './axe-violations.js';
import { keptZoo, oneOfEachKind, smallZoo } from './kept-zoo.js';
import { showReport, shown, type ReportBrowser } from './report-browser.js';
import { WINDOWS } from './windows.js';

/** Milliseconds that one window may take: the rules look at every cell, and a loaded machine is slow. */
const LIMIT_MS = 600_000;

let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(oneOfEachKind(smallZoo()));
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
});

describe('the report of the zoo', () => {
  it.for(WINDOWS)(
    'meets WCAG 2.2 AA: $width px, $colorScheme, $language',
    { timeout: LIMIT_MS },
    async ({ width, colorScheme, language }, context) => {
      const { page, problems } = await shown(report, context).open({
        viewport: { width, height: 900 },
        colorScheme,
      });
      await page.locator(`[data-language="${language}"]`).click();
      await page.locator('details.pair[open] figure.map canvas').last().waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );
});

describe('every release and every pair of the report of the zoo', () => {
  it('meets WCAG 2.2 AA', { timeout: LIMIT_MS }, async (context) => {
    const whole = shown(await showReport(oneOfEachKind(keptZoo())), context);
    try {
      const { page, problems } = await whole.open();
      await page.getByRole('button', { name: 'Open all pairs' }).click();
      const unmade = page.locator('.part:empty, figure.map:not(:has(canvas))');
      await page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true");
      await unmade.first().waitFor({ state: 'detached' });
      expect(await axeViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
    } finally {
      await whole.close();
    }
  });
});
