import { VERDICTS, type Component, type LeaderboardRow } from '@jokbo/contracts';
import { cellVerdict, coverageShare, leaderboardComponents, releaseLinkedShare } from '../document-lookup.js';
import { isIncomplete } from '../failures.js';
import type { MessageKey } from '../messages.js';
import { nearestReferences } from '../nearest-references.js';
import { formatShare, formatZ } from '../numbers.js';
import { visibleText } from '../visible-text.js';
import { html, name, NOTHING, type Html } from './markup.js';
import type { Page } from './page.js';
import { decidingRecords, linkedTo } from './record-links.js';

/** Name of a reference, linked to its pair where the document has it. */
export function referenceLink(page: Page, subject: string, reference: string): Html {
  return linked(page.links.pair(subject, reference), name(page.lookup.nameOf(reference)));
}

function linked(href: string | null, shown: Html): Html {
  return href === null ? shown : html`<a href="${href}">${shown}</a>`;
}

function componentCell(page: Page, row: LeaderboardRow, component: Component): Html {
  const found = row.components.find((item) => item.component === component);
  if (found === undefined) {
    return html`<td data-s="99">
      <span class="absent" aria-hidden="true">·</span>
      <span class="spoken">${page.text.label('legend_absent')}</span>
    </td>`;
  }
  const z = formatZ(found.z);
  const pair = found.nearest === null ? undefined : page.lookup.pairOf(row.subject, found.nearest);
  const verdict = cellVerdict(page.lookup, row, component, found.nearest);
  const [record] = pair === undefined || verdict === undefined ? [] : decidingRecords(pair, verdict);
  const shown = html`z ${z === null ? page.text.label('not_measured') : html`${z}`}`;
  return html`<td data-s="${VERDICTS.indexOf(found.verdict)}">
    ${page.text.badge(found.verdict)}
    ${found.nearest === null ? NOTHING : html`<small>${referenceLink(page, row.subject, found.nearest)}</small>`}
    <small>${pair === undefined ? shown : linkedTo(page, pair, record, shown)}</small>
  </td>`;
}

/** Every reference that ties, each on a line of its own and linked to its pair; the comma is for the CSV. */
function nearestCell(page: Page, row: LeaderboardRow): Html {
  const { text } = page;
  const nearest = nearestReferences(row);
  if (nearest === null) return text.label('none');
  const [first, ...tied] = nearest.named.map((id) => referenceLink(page, row.subject, id));
  if (first === undefined) return text.label('none');
  if (tied.length === 0) return first;
  const more =
    nearest.more === 0 ? NOTHING : html` ${text.both((t) => t('more_of', { count: nearest.more }))}`;
  return html`${first}${tied.map((link) => html`<span hidden>, </span><br />${link}`)}${more}
  ${text.small('tied')}`;
}

function boardRow(page: Page, row: LeaderboardRow, components: readonly Component[]): Html {
  const { text, lookup } = page;
  const coverage = coverageShare(lookup.modelOf(row.subject));
  const share = releaseLinkedShare(row);
  return html`<tr>
    <td data-s="${VERDICTS.indexOf(row.outcome)}">
      ${text.badge(row.outcome)}${row.declared ? html` ${text.small('declared')}` : NOTHING}
      ${isIncomplete(lookup.document, row.subject) ? text.small('incomplete') : NOTHING}
    </td>
    <td data-s="${visibleText(row.team)}">${name(row.team)}</td>
    <th scope="row" data-s="${visibleText(row.release)}">
      ${linked(page.links.release(row.subject), name(row.release))}
    </th>
    <td data-s="${visibleText(row.nearest ?? '')}">${nearestCell(page, row)}</td>
    ${share === null ? text.cell(null) : html`<td class="f" data-s="${share}">${formatShare(share) ?? ''}</td>`}
    <td
      class="f${row.controls_passed < row.controls_due ? ' bad' : ''}"
      data-s="${row.controls_passed - row.controls_due}"
    >
      ${row.controls_passed}/${row.controls_due}
    </td>
    <td class="f" data-s="${coverage ?? -1}">
      ${coverage === null ? text.label('not_measured') : html`${formatShare(coverage) ?? ''}`}
    </td>
    <td class="f" data-s="${row.comparable_references}">${row.comparable_references}/${row.references}</td>
    ${components.map((component) => componentCell(page, row, component))}
  </tr> `;
}

/** The leaderboard: one row per release in the order of the document, sortable by every column, and its legend. */
export function leaderboardSection(page: Page): Html {
  const { text, lookup } = page;
  const components = leaderboardComponents(lookup.document);
  const heads: MessageKey[] = [
    'outcome',
    'team',
    'release',
    'nearest',
    'share_long',
    'controls_long',
    'coverage_long',
    'comparable_long',
    ...components.map((component): MessageKey => `component_${component}`),
  ];
  return html`<section id="leaderboard">
    <h2>${text.label('leaderboard')}</h2>
    <p>${text.label('leaderboard_order')}</p>
    <div class="scroll" tabindex="0">
      <table class="board" data-table="leaderboard">
        ${text.head(heads)}
        <tbody>
          ${lookup.document.leaderboard.map((row) => boardRow(page, row, components))}
        </tbody>
      </table>
    </div>
    <p class="legend">
      <b>${text.label('legend')}</b> ${VERDICTS.map((verdict) => html`${text.badge(verdict)} `)}
      <span><span class="absent">·</span> ${text.label('legend_absent')}</span>
    </p>
  </section> `;
}
