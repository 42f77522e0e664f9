import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptZoo } from './kept-zoo.js';
import { checkCalibration, checkInputs, checkLeaderboard, checkThresholds } from './numbers/check-audit.js';
import { checkMaps, checkPair, pairRows } from './numbers/check-pair.js';
import { checkCriteria, checkRelease, checkTraining } from './numbers/check-release.js';
import { Differences } from './numbers/differences.js';
import { shown } from './report-browser.js';
import { showSite, type SiteBrowser } from './site-browser.js';

/** Milliseconds that one walk may take on a loaded machine. */
const LIMIT_MS = 600_000;
const zoo = keptZoo();
let site: SiteBrowser | string;
beforeAll(async () => {
  site = await showSite([zoo], { ...zoo, caveats: [] });
}, LIMIT_MS);
afterAll(async () => {
  if (typeof site !== 'string') await site.close();
}, LIMIT_MS);

describe('numbers of the site over the zoo', () => {
  it('are those of the result document: leaderboard', { timeout: LIMIT_MS }, async (context) => {
    const { page, problems } = await shown(site, context).open('/?lang=en');
    const differences = new Differences();
    await checkLeaderboard(page, zoo, differences);
    for (const [index, { subject }] of zoo.leaderboard.entries())
      await checkCriteria(page, zoo, subject, index, differences);
    await checkInputs(page, zoo.models, differences);
    await checkCalibration(page, zoo, differences);
    await checkThresholds(page, zoo, differences);
    expect(differences.found).toEqual([]);
    expect(differences.count).toBeGreaterThan(200);
    expect(problems).toEqual([]);
  });

  it('are those of the result document: every release', { timeout: LIMIT_MS }, async (context) => {
    const differences = new Differences();
    for (const { subject } of zoo.leaderboard) {
      const { page, problems } = await shown(site, context).open(`/releases/${subject}?lang=en`);
      await checkRelease(page, zoo, subject, 0, differences);
      await checkCriteria(page, zoo, subject, 0, differences);
      const training = zoo.training?.find((section) => section.subject === subject);
      if (training !== undefined) await checkTraining(page, training, 0, differences);
      const own = zoo.models.filter(({ id }) => id === subject);
      await checkInputs(page, own, differences);
      expect(problems).toEqual([]);
    }
    expect(differences.found).toEqual([]);
    expect(differences.count).toBeGreaterThan(200);
  });

  it('are those of the result document: every pair', { timeout: LIMIT_MS }, async (context) => {
    const differences = new Differences();
    for (const pair of zoo.pairs) {
      const { page, problems } = await shown(site, context).open(
        `/pairs/${pair.subject}~${pair.reference}?lang=en`,
      );
      await page.locator('figure.map:not(:has(canvas))').first().waitFor({ state: 'detached' });
      await page.evaluate(
        "for (const node of document.querySelectorAll('figure.map details')) node.open = true",
      );
      await checkPair(page, zoo, pair, 0, await pairRows(page), differences);
      await checkMaps(page, pair, 0, differences);
      expect(problems).toEqual([]);
    }
    expect(differences.found).toEqual([]);
    expect(differences.count).toBeGreaterThan(20_000);
  });
});
