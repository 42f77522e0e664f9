import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResultDocument } from '@jokbo/contracts';
import { renderHtml, type Language } from '@jokbo/report';
import { startChromium } from '@jokbo/tools/browser';
import type { BrowserContextOptions } from 'playwright-core';
import type { TestContext } from 'vitest';
import { openWindow, type OpenPage } from './open-window.js';

export interface ReportBrowser {
  /** Opens the report in a window of its own, and closes the one before. `hash` names a part and its state. */
  open(window?: BrowserContextOptions, hash?: string): Promise<OpenPage>;
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
    open(window = {}, hash = '') {
      return openWindow(browser, `${url}${hash}`, window, (asked) => asked === url);
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The browser, or a skipped test that says why there is none. */
export function shown<Shown>(report: Shown | string, context: TestContext): Shown {
  return typeof report === 'string' ? context.skip(report) : report;
}
