import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import { startChromium } from '@jokbo/tools/browser';
import { createSite, openPublished, type RunningAudit } from '@jokbo/web';
import type { BrowserContextOptions } from 'playwright-core';
import { openWindow, type OpenPage } from './open-window.js';

/** What opens the drafts of the site. */
const TOKEN = '0123456789abcdef'.repeat(2);

const RUNNING: RunningAudit = {
  programme: 'Round 2',
  driver: 'temporal',
  paused: false,
  started_at: '2026-01-12T00:00:00.000Z',
  age_s: 1.5,
  stages: [
    { stage: 'fingerprint', expected: 40, done: 40, read_bytes: 5e9 },
    { stage: 'compare', expected: 270, done: 12, read_bytes: 0 },
  ],
  read_bytes_per_s: 1.2e9,
  eta_s: 30,
};

/** A site in a browser; it knows the token of the drafts. */
export interface SiteBrowser {
  /** Opens a page of the site in a window of its own, and closes the one before. */
  open(path: string, window?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

/**
 * A browser before the site over an embedded database with published results, a draft and an audit that runs.
 *
 * @returns why there is none, where no browser is installed.
 */
export async function showSite(
  published: readonly ResultDocument[],
  draft: ResultDocument,
): Promise<SiteBrowser | string> {
  const browser = await startChromium();
  if (typeof browser === 'string') return browser;
  const folder = await mkdtemp(join(tmpdir(), 'jokbo-site-'));
  const directory = join(folder, 'postgres');
  const database = await openDatabase({ directory });
  for (const document of published) await publish(database.db, document, digestOf(document));
  const results = await openPublished({ directory });
  await database.close();
  const site = await createSite(results, {
    requestsPerMinute: 1_000_000,
    running: () => Promise.resolve([RUNNING]),
    drafts: {
      token: TOKEN,
      list: () => Promise.resolve([{ digest: digestOf(draft), document: draft, at: new Date(0) }]),
    },
  });
  await site.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(site.server.address() as AddressInfo).port}`;
  return {
    open: (path, window = {}) =>
      openWindow(
        browser,
        `${origin}${path}`,
        { extraHTTPHeaders: { authorization: `Bearer ${TOKEN}` }, ...window },
        (asked) => asked.startsWith(`${origin}/`),
      ),
    async close() {
      await browser.close();
      await site.close();
      await results.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** SHA-256 of a result, by which pages name it. */
export function digestOf(document: ResultDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}
