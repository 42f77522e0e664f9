import {
  COMPONENTS,
  POSITIVE_VERDICTS,
  VERDICTS,
  type Component,
  type LeaderboardRow,
  type PairResult,
} from '@jokbo/contracts';
import { linkedShare } from '../document-lookup.js';
import { releaseFindings } from '../findings.js';
import type { MessageKey } from '../messages.js';
import { formatShare } from '../numbers.js';
import { LONGEST_PROSE, visibleText } from '../visible-text.js';
import { referenceLink } from './leaderboard-section.js';
import { html, name, NOTHING, type Html } from './markup.js';
import { releaseAnchor, type Page } from './page.js';
import { decidingRecords, linkedTo } from './record-links.js';
import { selfTestTable } from './self-test-table.js';
import { releaseStatements } from './statements-section.js';

/** Components that any pair of a release was judged on, in the order of reports. */
function judgedComponents(pairs: readonly PairResult[]): Component[] {
  const judged = new Set(pairs.flatMap((pair) => pair.verdict.components.map((item) => item.component)));
  return COMPONENTS.filter((component) => judged.has(component));
}

function pairRow(page: Page, pair: PairResult, components: readonly Component[]): Html {
  const { text } = page;
  const verdicts = new Map(pair.verdict.components.map((item) => [item.component, item]));
  return html`<tr>
    <th scope="row">${referenceLink(page, pair.subject, pair.reference)}</th>
    <td data-s="${VERDICTS.indexOf(pair.verdict.verdict)}">
      ${text.badge(pair.verdict.verdict)}${pair.verdict.declared ? html` ${text.small('declared')}` : NOTHING}
    </td>
    ${text.cell(formatShare(linkedShare(pair.verdict)))}
    ${text.cell(formatShare(pair.verdict.comparable_share))}
    ${components.map((component) => {
      const verdict = verdicts.get(component);
      if (verdict === undefined) return html`<td>·</td>`;
      const [record] = decidingRecords(pair, verdict);
      return html`<td data-s="${VERDICTS.indexOf(verdict.verdict)}">
        ${linkedTo(page, pair, record, text.badge(verdict.verdict))}
      </td>`;
    })}
  </tr> `;
}

function release(page: Page, row: LeaderboardRow, index: number): Html {
  const { lookup, text } = page;
  const show = (value: string) => visibleText(value, LONGEST_PROSE);
  const count = releaseFindings(lookup, row, (key) => key, show, text.language).sentences.length;
  const model = lookup.modelOf(row.subject);
  const pairs = lookup.document.pairs.filter((pair) => pair.subject === row.subject);
  const components = judgedComponents(pairs);
  const confirmed = POSITIVE_VERDICTS.includes(row.outcome) ? 'declared_confirmed' : 'declared_unconfirmed';
  return html`<section class="release" id="${releaseAnchor(index)}">
    <h3>
      ${name(row.release)} <small>${name(row.team)}</small> ${text.badge(row.outcome)}
      ${row.declared ? html`<small>${text.label(confirmed)}</small>` : NOTHING}
    </h3>
    <ul>
      ${Array.from(
        { length: count },
        (_, item) =>
          html`<li>
            ${text.both((t, language) => releaseFindings(lookup, row, t, show, language).sentences[item] ?? '')}
          </li> `,
      )}${(model?.findings ?? []).map((finding) => html`<li>${text.label('model_findings')}: ${text.phrase(finding)}</li>`)}
    </ul>
    ${releaseStatements(page, row.subject)}
    ${page.part(
      html`<div class="scroll" tabindex="0">
        <table class="board" data-table="release-${index}">
          ${text.head([
            'reference',
            'verdict',
            'share_long',
            'comparable_share',
            ...components.map((component): MessageKey => `component_${component}`),
          ])}
          <tbody>
            ${pairs.map((pair) => pairRow(page, pair, components))}
          </tbody>
        </table>
      </div>`,
    )}
    ${selfTestTable(page, row.subject, index)}
  </section> `;
}

/** One section per release: the findings in words, and its pairs. */
export function releaseSections(page: Page): Html {
  return html`<section id="releases">
    <h2>${page.text.label('releases')}</h2>
    ${page.lookup.document.leaderboard.map((row, index) => release(page, row, index))}
  </section> `;
}
