import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** One screenshot of the window. */
export interface Shot {
  readonly name: string;
  /** Part of the page and state, as in the address. */
  readonly hash: string;
  /** Selector of what has to be there before. */
  readonly wait: string;
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

/** Height of the window by its width: a desk and a telephone. Pixels. */
const HEIGHTS: Readonly<Record<number, number>> = { 1440: 900, 390: 844 };

/** Milliseconds in which maps and fonts settle once the page is there. */
const SETTLE_MS = 300;

/** Maps that are still to be drawn: the page moves while they are. */
const UNDRAWN = 'details.pair[open] :is(figure.map:not(:has(canvas)), .part:empty)';

/** Takes screenshots of a page, one file each, and says their names. */
export async function takeScreenshots(
  browser: Browser,
  url: string,
  shots: readonly Shot[],
  folder: string,
): Promise<void> {
  for (const { name, hash, wait, width, colorScheme } of shots) {
    const viewport = { width, height: HEIGHTS[width] ?? width };
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    await page.goto(`${url}${hash}`);
    await page.locator(wait).first().waitFor();
    await page.locator(UNDRAWN).first().waitFor({ state: 'detached' });
    await page.waitForTimeout(SETTLE_MS);
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path });
    await context.close();
    console.log(path);
  }
}
