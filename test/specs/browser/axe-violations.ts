import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and what axe recommends beyond it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Elements that are named per rule. */
const MOST_NAMED = 3;

/** Rules of accessibility that a page breaks, each with elements that do; none = it breaks none. */
export async function axeViolations(page: Page): Promise<readonly [rule: string, elements: string[]][]> {
  // Links of the page stay at the top of the window: what lies under them is not hidden from anybody who scrolls.
  await page.evaluate('scrollTo(0, 0)');
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: RULES, resultTypes: ['violations'] })
    .analyze();
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, MOST_NAMED).map(({ html }) => html)]);
}
