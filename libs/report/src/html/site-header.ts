import type { Language } from '../messages.js';
import { languageLinks } from './language-links.js';
import { html, NOTHING, type Html } from './markup.js';
import type { Page } from './page.js';
import { titleBlock } from './title-block.js';

/** What the head of a page of the site says and links to. */
export interface SiteHeader {
  /** SHA-256 of the result, in hex. */
  readonly digest: string;
  /** The result that took its place, and its leaderboard; null where it is the current one. */
  readonly supersededBy: { readonly digest: string; readonly href: string } | null;
  readonly leaderboard: string;
  /** All results, and the audits that run. */
  readonly runs: string;
  readonly running: string;
  /** True of a result that is not published. */
  readonly draft: boolean;
  /** The same page in each language. */
  readonly languages: Readonly<Record<Language, string>>;
}

/** Head of a page of the site; languages are links, so that they are kept from page to page. */
export function siteHeader(page: Page, header: SiteHeader): Html {
  const { text } = page;
  const { digest, leaderboard, runs, running, languages } = header;
  return html`<header>${titleBlock(page, digest)} ${languageLinks(languages, text.language)}</header>
    <nav>
      <a href="${leaderboard}">${text.label('leaderboard')}</a> <a href="${runs}">${text.label('runs')}</a>
      <a href="${running}">${text.label('running')}</a>
    </nav> `;
}

/** What stands before all else: that a later result took the place of this one, or that it is not published. */
export function siteNotices({ text }: Page, { supersededBy, draft }: SiteHeader): Html {
  return html`${
    supersededBy === null
      ? NOTHING
      : html`<p class="bad">
          <a href="${supersededBy.href}"
            >${text.both((t) => t('superseded_by', { digest: supersededBy.digest }))}</a
          >
        </p>`
  }${draft ? html`<p class="bad">${text.label('draft')}</p>` : NOTHING}`;
}
