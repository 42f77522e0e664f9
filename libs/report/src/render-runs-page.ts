import { html, name, NOTHING, prose, type Html, type PageText } from './html/markup.js';
import { siteShell, type SiteShell } from './html/site-shell.js';

/** One result in the list of all. */
export interface ListedRun {
  readonly digest: string;
  readonly href: string;
  readonly programme: string;
  readonly tool_version: string;
  readonly rule_set: string;
  readonly rule_set_version: number | null;
  /** When it was published; of a draft, when its file was written. */
  readonly at: Date;
  readonly is_current: boolean;
  readonly superseded_by: { readonly digest: string; readonly href: string } | null;
}

/**
 * All published results, the newest first; or the drafts, which are not published.
 *
 * @param older address of the next page; null after the last.
 */
export function renderRunsPage(
  shell: SiteShell,
  kind: 'runs' | 'drafts',
  runs: readonly ListedRun[],
  older: string | null,
): string {
  return siteShell(
    shell,
    kind,
    (text) =>
      html`<section>
        <p>${text.label(kind === 'runs' ? 'runs_note' : 'drafts_note')}</p>
        ${runs.length === 0 ? html`<p>${text.label('none')}</p>` : table(text, kind, runs)}
        ${older === null ? NOTHING : html`<p><a rel="next" href="${older}">${text.label('runs_older')}</a></p>`}
      </section> `,
  );
}

function table(text: PageText, kind: 'runs' | 'drafts', runs: readonly ListedRun[]): Html {
  return html`<div class="scroll" tabindex="0">
    <table class="figures">
      ${text.head(['runs_programme', 'runs_at', 'runs_rules', 'runs_tool', 'runs_state', 'digest'])}
      <tbody>
        ${runs.map(
          (run) =>
            html`<tr>
              <th scope="row"><a href="${run.href}">${name(run.programme)}</a></th>
              <td><time datetime="${run.at.toISOString()}">${times(run.at)}</time></td>
              <td>${prose(run.rule_set)} ${run.rule_set_version ?? ''}</td>
              <td>${prose(run.tool_version)}</td>
              <td>${state(text, kind, run)}</td>
              <td><code>${prose(run.digest)}</code></td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function state(text: PageText, kind: 'runs' | 'drafts', { is_current, superseded_by }: ListedRun): Html {
  if (kind === 'drafts') return text.label('draft');
  if (is_current) return text.label('runs_current');
  if (superseded_by === null) return text.label('runs_superseded');
  return html`<a href="${superseded_by.href}">${text.label('runs_superseded')}</a>`;
}

/** Korean time, which has no summer time, with UTC beside it. */
function times(at: Date): string {
  const minutes = (time: Date): string => time.toISOString().slice(0, 16).replace('T', ' ');
  const korean = new Date(at.getTime() + KST_OFFSET_MS);
  return `${minutes(korean)} KST (${minutes(at)} UTC)`;
}

/** Korea is nine hours ahead of UTC. Milliseconds. */
const KST_OFFSET_MS = 9 * 3_600_000;
