import type { Component, VerdictClass } from '@jokbo/contracts';
import { html, name, NOTHING, prose, type Html } from './markup.js';
import type { Page } from './page.js';

/** One verdict of a release in two audits. */
export interface VerdictChange {
  readonly reference: string;
  /** Null = the verdict of the pair. */
  readonly component: Component | null;
  readonly change: 'more_severe' | 'less_severe' | 'same' | 'added' | 'removed';
  readonly before: VerdictClass | null;
  readonly after: VerdictClass | null;
  /** Whether the weights of either model differ; null where one audit lacks the pair. */
  readonly data: boolean | null;
  /** Whether the lineage was declared in one of them only. */
  readonly declaration: boolean | null;
}

/** A release in an audit and in the one before it. */
export interface ReleaseChanges {
  /** The audit before. */
  readonly previous: { readonly digest: string; readonly href: string };
  readonly method: boolean;
  readonly rules: boolean;
  readonly references: boolean;
  readonly references_added: readonly string[];
  readonly references_removed: readonly string[];
  readonly verdicts: readonly VerdictChange[];
}

/** What moved since the last audit, and what could have moved it. */
export function changesSection(page: Page, changes: ReleaseChanges | null): Html {
  const { text } = page;
  const head = html`<h2>${text.label('changes')}</h2>`;
  if (changes === null) {
    return html`<section id="changes">
      ${head}
      <p>${text.label('changes_first')}</p>
    </section> `;
  }
  const { previous, verdicts } = changes;
  const moved = verdicts.filter(({ change }) => change !== 'same');
  return html`<section id="changes">
    ${head}
    <p>
      ${text.label('changes_before')} <a href="${previous.href}"><code>${prose(previous.digest)}</code></a>
    </p>
    ${causes(page, changes)}
    <p>
      ${text.both((t) => t('changes_count', { moved: moved.length, same: verdicts.length - moved.length }))}
    </p>
    ${moved.length === 0 ? NOTHING : table(page, moved)}
  </section> `;
}

function causes({ text, lookup }: Page, changes: ReleaseChanges): Html {
  const { verdicts } = changes;
  const yes = (changed: boolean): Html => text.label(changed ? 'yes' : 'no');
  const named = (ids: readonly string[], label: 'change_added' | 'change_removed'): Html =>
    ids.length === 0
      ? NOTHING
      : html` ${text.label(label)}:
        ${ids.map((id, at) => html`${at === 0 ? '' : ', '}${name(lookup.nameOf(id))}`)}`;
  return html`<ul>
    <li>${text.label('changed_data')}: ${yes(verdicts.some(({ data }) => data === true))}</li>
    <li>
      ${text.label('changed_declaration')}: ${yes(verdicts.some(({ declaration }) => declaration === true))}
    </li>
    <li>${text.label('changed_method')}: ${yes(changes.method)}</li>
    <li>${text.label('changed_rules')}: ${yes(changes.rules)}</li>
    <li>
      ${text.label('changed_references')}:
      ${yes(changes.references)}${named(changes.references_added, 'change_added')}${named(changes.references_removed, 'change_removed')}
    </li>
  </ul>`;
}

function table(page: Page, moved: readonly VerdictChange[]): Html {
  const { text, lookup } = page;
  const verdict = (found: VerdictClass | null): Html =>
    found === null ? text.label('none') : text.badge(found);
  return html`<div class="scroll" tabindex="0">
    <table class="board">
      ${text.head(['reference', 'component', 'change', 'change_before', 'change_after'])}
      <tbody>
        ${moved.map(
          (row) =>
            html`<tr>
              <th scope="row">${name(lookup.nameOf(row.reference))}</th>
              <td>
                ${text.label(row.component === null ? 'statement_whole' : `component_${row.component}`)}
              </td>
              <td>${text.label(`change_${row.change}`)}</td>
              <td>${verdict(row.before)}</td>
              <td>${verdict(row.after)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
