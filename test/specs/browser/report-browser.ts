import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResultDocument } from '@jokbo/contracts';
import { renderHtml, type Language } from '@jokbo/report';
import { startChromium } from '@jokbo/tools/browser';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { TestContext } from 'vitest';

/** A report that a browser shows from disk, and what went wrong in it meanwhile. */
export interface OpenReport {
  readonly page: Page;
  /** Console errors, exceptions, dialogs and requests beyond the file itself. */
  readonly problems: readonly string[];
}

export interface ReportBrowser {
  /** Opens the report in a window of its own, and closes the one before. `hash` names a part and its state. */
  open(window?: BrowserContextOptions, hash?: string): Promise<OpenReport>;
  close(): Promise<void>;
}

/**
 * A browser that shows the report of a result from disk.
 *
 * @returns why there is none, where no browser is installed.
 */
export async function showReport(
  document: ResultDocument,
  language: Language = 'en',
): Promise<ReportBrowser | string> {
  const browser = await startChromium();
  if (typeof browser === 'string') return browser;
  const folder = await mkdtemp(join(tmpdir(), 'jokbo-report-'));
  const file = join(folder, 'report.html');
  await writeFile(file, renderHtml(document, { language }));
  const url = pathToFileURL(file).href;
  return {
    async open(window = {}, hash = '') {
      for (const context of browser.contexts()) await context.close();
      return openWindow(browser, `${url}${hash}`, window);
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function openWindow(browser: Browser, url: string, window: BrowserContextOptions): Promise<OpenReport> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...window });
  const page = await context.newPage();
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
    if (!url.startsWith(asked) && !asked.startsWith('blob:')) problems.push(`request: ${asked}`);
  });
  await page.goto(url);
  return { page, problems };
}

/** The browser, or a skipped test that says why there is none. */
export function shown(report: ReportBrowser | string, context: TestContext): ReportBrowser {
  return typeof report === 'string' ? context.skip(report) : report;
}
