import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptZoo } from './kept-zoo.js';
import { checkCalibration, checkInputs, checkLeaderboard, checkThresholds } from './numbers/check-audit.js';
import { checkMaps, checkPair, pairRows } from './numbers/check-pair.js';
import { checkCriteria, checkRelease, checkTraining } from './numbers/check-release.js';
import { Differences } from './numbers/differences.js';
import { showReport, shown, type ReportBrowser } from './report-browser.js';

/** Milliseconds that one walk may take on a loaded machine. */
const LIMIT_MS = 600_000;
const zoo = keptZoo();
let report: ReportBrowser | string;
beforeAll(async () => {
  report = await showReport(zoo);
});
afterAll(async () => {
  if (typeof report !== 'string') await report.close();
});

describe('numbers of the report of the zoo', () => {
  it(
    'are those of the result document: leaderboard, releases, criteria, training, inputs, calibration',
    { timeout: LIMIT_MS },
    async (context) => {
      const { page, problems } = await shown(report, context).open();
      const differences = new Differences();
      await page.locator('.release .part:empty').first().waitFor({ state: 'detached' });
      await page.evaluate(
        "for (const node of document.querySelectorAll('#inputs details')) node.open = true",
      );
      await page.locator('#inputs .part:empty').first().waitFor({ state: 'detached' });
      await checkLeaderboard(page, zoo, differences);
      for (const [index, { subject }] of zoo.leaderboard.entries()) {
        await checkRelease(page, zoo, subject, index, differences);
        await checkCriteria(page, zoo, subject, index, differences);
      }
      for (const [index, section] of (zoo.training ?? []).entries())
        await checkTraining(page, section, index, differences);
      await checkInputs(page, zoo.models, differences);
      await checkCalibration(page, zoo, differences);
      await checkThresholds(page, zoo, differences);
      expect(differences.found).toEqual([]);
      expect(differences.count).toBeGreaterThan(500);
      expect(problems).toEqual([]);
    },
  );

  it(
    'are those of the result document: components, evidence, blocks, controls, context and maps of every pair',
    { timeout: LIMIT_MS },
    async (context) => {
      const { page, problems } = await shown(report, context).open();
      await page.getByRole('button', { name: 'Open all pairs' }).click();
      const unmade = page.locator('.pair .part:empty, figure.map:not(:has(canvas))');
      await unmade.first().waitFor({ state: 'detached' });
      await page.evaluate(
        "for (const node of document.querySelectorAll('figure.map details')) node.open = true",
      );
      const differences = new Differences();
      const rows = await pairRows(page);
      for (const [index, pair] of zoo.pairs.entries()) {
        await checkPair(page, zoo, pair, index, rows, differences);
        await checkMaps(page, pair, index, differences);
      }
      expect(differences.found).toEqual([]);
      expect(differences.count).toBeGreaterThan(20_000);
      expect(problems).toEqual([]);
    },
  );
});
