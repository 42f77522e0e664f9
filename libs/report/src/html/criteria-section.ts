import type { CriterionOutcome } from '@jokbo/contracts';
import { releaseCriteria, type CriterionRow, type ReleaseCriteria } from '../criteria-rows.js';
import { LANGUAGES } from '../messages.js';
import { sentenceWriter } from '../result-sentence.js';
import { escapeHtml, html, name, NOTHING, type Html } from './markup.js';
import type { Page } from './page.js';

function titleOf({ title }: CriterionRow): Html {
  const spans = LANGUAGES.map(
    (language) => `<span class="l" lang="${language}">${escapeHtml(title[language])}</span>`,
  );
  return { markup: spans.join('') };
}

function outcomeCell(page: Page, outcome: CriterionOutcome): Html {
  const label = page.text.label(`outcome_${outcome}`);
  return outcome === 'fail' ? html`<td class="bad">${label}</td>` : html`<td>${label}</td>`;
}

function table(page: Page, { release, rows }: ReleaseCriteria, index: number): Html {
  const { text } = page;
  const { nameOf } = page.lookup;
  return html`<h3>${name(release)}</h3>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="criteria-${index}">
        ${text.head(['criterion', 'criterion_kind', 'outcome', 'criterion_why'])}
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">${titleOf(row)}</th>
                <td>${text.label(`kind_${row.kind}`)}</td>
                ${outcomeCell(page, row.outcome)}
                <td class="w">
                  ${text.both((_, language) => row.reasons.map(sentenceWriter(language, nameOf)).join('; '))}
                </td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}

/** The criteria of the rule set for every release, with reasons. Nothing where it has none. */
export function criteriaSection(page: Page): Html {
  const releases = releaseCriteria(page.lookup.document);
  if (releases.length === 0) return NOTHING;
  return html`<section id="criteria">
    <h2>${page.text.label('criteria')}</h2>
    <p>${page.text.label('criteria_note')}</p>
    ${releases.map((release, index) => table(page, release, index))}
  </section> `;
}
