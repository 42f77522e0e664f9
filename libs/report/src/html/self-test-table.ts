import type { EvidenceRecord } from '@jokbo/contracts';
import { formatCount, formatDetail, formatLog10P, formatR, formatZ } from '../numbers.js';
import { html, NOTHING, prose, type Html } from './markup.js';
import { nullCell } from './null-cell.js';
import type { Page } from './page.js';

function selfTestRow(page: Page, record: EvidenceRecord, anchor: string): Html {
  const { text } = page;
  const details = Object.entries(record.details).map(
    ([key, value]) => html`${text.phrase(key)} ${text.phrase(formatDetail(value) ?? '–')}; `,
  );
  return html`<tr id="${anchor}">
    ${text.rowHead(`component_${record.component}`)}
    <td>
      <a href="#${anchor}">${text.phrase(record.method)}</a> <small><code>${prose(record.id)}</code></small>
    </td>
    <td>
      ${text.label(`status_${record.status}`)}${record.reason === null ? NOTHING : html` <small>${text.phrase(record.reason)}</small>`}
    </td>
    ${text.cell(formatZ(record.z))} ${nullCell(record.z, record.scrambles)}
    ${text.cells([formatLog10P(record.log10_p), formatR(record.r), formatCount(record.parameters)])}
    <td>${text.phrase(record.null_hypothesis)}</td>
    <td class="w">${details}</td>
  </tr> `;
}

/** Tests of a release without a reference, one anchored row each. Nothing where it has none. */
export function selfTestTable(page: Page, subject: string, index: number): Html {
  const { text, lookup } = page;
  const tests = (lookup.document.self_tests ?? []).find((entry) => entry.subject === subject);
  if (tests === undefined || tests.records.length === 0) return NOTHING;
  return html`<h4>${text.label('self_tests')}</h4>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="self-${index}">
        ${text.head([
          'component',
          'method',
          'status',
          'z',
          'null_picture',
          'log10_p',
          'r',
          'parameters',
          'null_hypothesis',
          'details',
        ])}
        <tbody>
          ${tests.records.map((record, position) => selfTestRow(page, record, `self-${index}-${position}`))}
        </tbody>
      </table>
    </div>`;
}
