import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from './axe-violations.js';
import { oneOfEachKind, smallZoo } from './kept-zoo.js';
import { shown } from './report-browser.js';
import { digestOf, showSite, type SiteBrowser } from './site-browser.js';
import { WINDOWS } from './windows.js';

/** Milliseconds that all pages in one window may take on a loaded machine. */
const LIMIT_MS = 600_000;
const zoo = oneOfEachKind(smallZoo());
const before = { ...zoo, caveats: [...zoo.caveats, 'an audit before'] };
const draft = { ...zoo, programme: { ...zoo.programme, name: 'a draft' } };

let site: SiteBrowser | string;
beforeAll(async () => {
  site = await showSite([before, zoo], draft);
}, LIMIT_MS);
afterAll(async () => {
  if (typeof site !== 'string') await site.close();
}, LIMIT_MS);

/** Pages by what has to stand in them before they are looked at. */
async function pagesOf(browser: SiteBrowser, leaderboard: string): Promise<ReadonlyMap<string, string>> {
  const { page } = await browser.open('/');
  const links = await page.evaluate<string[]>(
    "Array.from(document.querySelectorAll('#leaderboard a'), (anchor) => anchor.getAttribute('href'))",
  );
  const first = (start: string): string => links.find((link) => link.startsWith(start)) ?? start;
  return new Map([
    [leaderboard, '#leaderboard thead button'],
    [first('/releases/'), '#releases thead button'],
    [first('/pairs/').split('#')[0] ?? '', 'figure.map canvas'],
    ['/runs', 'tbody tr'],
    ['/running', '#running progress'],
    ['/drafts', 'tbody tr'],
  ]);
}

describe('the site over the zoo', () => {
  it.for(WINDOWS)(
    'meets WCAG 2.2 AA on every page: $width px, $colorScheme, $language',
    { timeout: LIMIT_MS },
    async ({ width, colorScheme, language }, context) => {
      const browser = shown(site, context);
      // That of the result before says what took its place.
      const leaderboard = colorScheme === 'dark' ? `/?run=${digestOf(before)}` : '/';
      for (const [path, ready] of await pagesOf(browser, leaderboard)) {
        const address = `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
        const { page, problems } = await browser.open(address, {
          viewport: { width, height: 900 },
          colorScheme,
        });
        await page.locator(ready).last().waitFor();
        expect([address, await axeViolations(page), problems]).toEqual([address, [], []]);
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
      }
    },
  );
});
