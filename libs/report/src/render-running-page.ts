import { html, type Html, type PageText } from './html/markup.js';
import { siteShell, type SiteShell } from './html/site-shell.js';
import type { MessageKey } from './messages.js';

const STAGES = ['inventory', 'fingerprint', 'compare', 'decide', 'publish'] as const;
const WORDS = [
  ...STAGES.map((stage): MessageKey => `stage_${stage}`),
  'running_read',
  'running_eta',
  'running_lost',
  'running_paused',
  'none',
] as const satisfies readonly MessageKey[];

/**
 * The audits that run now. The page holds no figure: its script asks `source` and writes them, in the words that stand
 * in the page.
 *
 * @param source address of the figures.
 */
export function renderRunningPage(shell: SiteShell, source: string): string {
  return siteShell(
    shell,
    'running',
    (text) =>
      html`<section>
        <p>${text.label('running_note')}</p>
        <noscript><p>${text.label('running_script')}</p></noscript>
        <div id="running" data-source="${source}"></div>
        <dl id="words" hidden>${WORDS.map((key) => word(text, key))}</dl>
      </section> `,
  );
}

function word(text: PageText, key: MessageKey): Html {
  return html`<dt>${key}</dt>
    <dd data-word="${key}">${text.label(key)}</dd>`;
}
