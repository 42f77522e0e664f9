import { performance } from 'node:perf_hooks';
import type { Browser } from 'playwright-core';

/** Milliseconds of one opening, from the address to the state named. */
export interface Opening {
  /** The leaderboard can be read, and the script has run. */
  readonly loadedMs: number;
  /** The first unfolded pair has its statistics, or null where none is unfolded. */
  readonly pairMs: number | null;
  /** A pair that was folded has its statistics, from the click on. */
  readonly unfoldMs: number;
  /** The last of its maps is drawn, from the click on. */
  readonly mapsMs: number;
}

/** Opens a report from disk in a window of its own, and unfolds a pair. */
export async function measureOpening(browser: Browser, url: string, folded: number): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const started = performance.now();
    await page.goto(url);
    await page.locator('#leaderboard thead button').first().waitFor();
    const loadedMs = performance.now() - started;
    const unfolded = page.locator('details.pair[open]');
    let pairMs: number | null = null;
    if ((await unfolded.count()) > 0) {
      await unfolded.first().locator('table.evidence').waitFor();
      pairMs = performance.now() - started;
    }
    const pair = page.locator(`#pair-${folded}`);
    const clicked = performance.now();
    await page.evaluate(`document.getElementById('pair-${folded}').open = true`);
    await pair.locator('table.evidence').waitFor();
    const unfoldMs = performance.now() - clicked;
    await pair.locator('figure.map canvas.bar').last().waitFor();
    await pair.locator('figure.map:not(:has(canvas))').first().waitFor({ state: 'detached' });
    return { loadedMs, pairMs, unfoldMs, mapsMs: performance.now() - clicked };
  } finally {
    await context.close();
  }
}
