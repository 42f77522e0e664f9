import { LANGUAGES } from '@jokbo/report';
import { describe, expect, it } from 'vitest';
import { zooReasons } from './kept-zoo.js';
import { checkSentences } from './numbers/check-sentences.js';
import { Differences } from './numbers/differences.js';
import { showReport, shown } from './report-browser.js';

/** Milliseconds that one walk may take on a loaded machine. */
const LIMIT_MS = 300_000;
const zoo = zooReasons();

describe('sentences on the zoo', () => {
  it.for(LANGUAGES)(
    'hold the figures of the result: reasons, criteria and caveats in %s',
    { timeout: LIMIT_MS },
    async (language, context) => {
      const report = await showReport(zoo, language);
      const { page, problems } = await shown(report, context).open();
      await page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true");
      await page.locator('.pair .part:empty').first().waitFor({ state: 'detached' });
      const differences = new Differences();
      await checkSentences(page, zoo, language, differences);
      expect(differences.found).toEqual([]);
      expect(differences.count).toBeGreaterThan(300);
      expect(problems).toEqual([]);
      await shown(report, context).close();
    },
  );
});
