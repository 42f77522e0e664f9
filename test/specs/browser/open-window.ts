import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Milliseconds that a page may take to open, or to show what is waited for, on a loaded machine. */
const LIMIT_MS = 120_000;

/** A page in a window of its own, and what went wrong in it meanwhile. */
export interface OpenPage {
  readonly page: Page;
  /** Console errors, exceptions, dialogs and requests beyond what the page may ask for. */
  readonly problems: readonly string[];
}

/**
 * Opens a page in a new window, and closes the windows before.
 *
 * @param isOwn tells of an address without its fragment whether the page may ask for it.
 */
export async function openWindow(
  browser: Browser,
  url: string,
  window: BrowserContextOptions,
  isOwn: (asked: string) => boolean,
): Promise<OpenPage> {
  for (const earlier of browser.contexts()) await earlier.close();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...window });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const asked = request.url().split('#')[0] ?? '';
    if (!isOwn(asked) && !asked.startsWith('blob:')) problems.push(`request: ${asked}`);
  });
  await page.goto(url);
  return { page, problems };
}
