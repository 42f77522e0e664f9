import { html, name, NOTHING, type Html } from './markup.js';
import type { Page } from './page.js';

/**
 * What the page is of: programme, rule set, tool and digests.
 *
 * @param digest SHA-256 of the result, in hex.
 */
export function titleBlock(page: Page, digest: string): Html {
  const { text } = page;
  const { document } = page.lookup;
  return html`<div>
    <h1>${text.label('title')}</h1>
    <p>
      ${name(document.programme.name)}; ${text.both((t) => t('rules', { id: document.rules.id }))};
      ${text.both((t) => t('tool', { version: document.tool.version, sampling: document.tool.sampling }))}
    </p>
    <p class="digest">
      ${text.label('document_digest')}:
      <code>${digest}</code>
    </p>
    <p class="digest">
      ${text.both((t) => t('rules', { id: document.rules.id }))}:
      ${text.both((t) => t('rules_version', { version: document.rules.version, digest: document.rules.digest }))}
    </p>
    ${
      document.programme.objections_until === undefined
        ? NOTHING
        : html`<p>
            ${text.both((t) => t('objections_until', { day: document.programme.objections_until ?? '' }))}
          </p>`
    }
    ${
      document.supersedes === undefined
        ? NOTHING
        : html`<p class="digest">
            ${text.both((t) => t('supersedes', { digest: document.supersedes ?? '' }))}
          </p>`
    }
  </div>`;
}
