import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and what axe recommends beyond it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Elements that are named per rule. */
const MOST_NAMED = 3;

/** Which part of a page is looked at; both absent = all of it. */
export interface LookedAt {
  /** CSS selector. */
  readonly include?: string;
  /** CSS selector. */
  readonly exclude?: string;
}

/** Rules of accessibility that a page breaks, each with elements that do; none = it breaks none. */
export async function axeViolations(
  page: Page,
  { include, exclude }: LookedAt = {},
): Promise<readonly [rule: string, elements: string[]][]> {
  // Links of the page stay at the top of the window: what lies under them is not hidden from anybody who scrolls.
  await page.evaluate('scrollTo(0, 0)');
  const builder = new AxeBuilder({ page }).options({ runOnly: RULES, resultTypes: ['violations'] });
  if (include !== undefined) builder.include(include);
  if (exclude !== undefined) builder.exclude(exclude);
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, MOST_NAMED).map(({ html }) => html)]);
}
