import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallZoo } from './kept-zoo.js';
import { showReport, shown, type ReportBrowser } from './report-browser.js';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const WINDOWS: { width: number; colorScheme: 'light' | 'dark'; language: 'ko' | 'en' }[] = [
  { width: 1440, colorScheme: 'light', language: 'ko' },
  { width: 1440, colorScheme: 'dark', language: 'en' },
  { width: 390, colorScheme: 'light', language: 'en' },
  { width: 390, colorScheme: 'dark', language: 'ko' },
];

/** Milliseconds that one window may take: the rules look at every cell, and a loaded machine is slow. */
const LIMIT_MS = 240_000;

let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(smallZoo());
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
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
      const found = violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]);
      expect(found).toEqual([]);
      expect(problems).toEqual([]);
    },
  );
});
