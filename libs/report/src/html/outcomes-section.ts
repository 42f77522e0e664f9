import type { VerdictClass } from '@jokbo/contracts';
import { html, name, prose, type Html } from './markup.js';
import type { Page } from './page.js';

/** The outcomes of an audit beside those of the one before it. */
export interface OutcomeChanges {
  /** The audit before. */
  readonly previous: { readonly digest: string; readonly href: string };
  readonly releases: readonly {
    readonly subject: string;
    /** Null where the audit before had no such release. */
    readonly before: VerdictClass | null;
    readonly after: VerdictClass;
  }[];
}

/** Releases whose outcome moved since the last audit; each release page says what moved it. */
export function outcomesSection(page: Page, changes: OutcomeChanges | null): Html {
  const { text, lookup, links } = page;
  const head = html`<h2>${text.label('changes')}</h2>`;
  if (changes === null) {
    return html`<section id="changes">
      ${head}
      <p>${text.label('changes_first')}</p>
    </section> `;
  }
  const { previous, releases } = changes;
  const moved = releases.filter(({ before, after }) => before !== after);
  return html`<section id="changes">
    ${head}
    <p>
      ${text.label('changes_before')} <a href="${previous.href}"><code>${prose(previous.digest)}</code></a>
    </p>
    <p>
      ${text.both((t) => t('outcomes_count', { moved: moved.length, same: releases.length - moved.length }))}
    </p>
    <ul>
      ${moved.map(({ subject, before, after }) => {
        const shown = name(lookup.nameOf(subject));
        const href = links.release(subject);
        return html`<li>
          ${href === null ? shown : html`<a href="${href}">${shown}</a>`}:
          ${before === null ? text.label('change_added') : text.badge(before)} → ${text.badge(after)}
        </li> `;
      })}
    </ul>
  </section> `;
}
