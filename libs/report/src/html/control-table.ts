import { COMPONENTS, type ControlRecord, type PairResult } from '@jokbo/contracts';
import { formatR, formatZ } from '../numbers.js';
import { html, NOTHING, type Html } from './markup.js';
import { controlAnchor, type Page } from './page.js';
import { linkedTo } from './record-links.js';

function controlRow(page: Page, pair: PairResult, control: ControlRecord, anchor: string): Html {
  const { text } = page;
  const controlled = pair.evidence.find(
    ({ component, method }) => component === control.component && method === control.method,
  );
  return html`<tr id="${anchor}">
    ${text.rowHead(`component_${control.component}`)}${text.word(`control_${control.kind}`)}
    <td>
      ${text.phrase(control.model)}${control.note === null ? NOTHING : html` <small>${text.phrase(control.note)}</small>`}
    </td>
    <td>${linkedTo(page, pair, controlled, text.phrase(control.method))}</td>
    <td>${text.phrase(control.must)}</td>
    ${text.cell(formatZ(control.z))}${text.cell(formatR(control.r))}${
      control.passed === false
        ? html`<td class="bad">! ${text.label('failed')}</td>`
        : text.word(control.passed === null ? 'not_due' : 'passed')
    }
  </tr> `;
}

/** The controls of a pair by component, each linked to the statistic that it controls. */
export function controlTable(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  const { controls } = pair.verdict;
  const head = html`<h4>${text.label('controls')}</h4>`;
  if (controls.length === 0)
    return html`${head}
      <p class="bad">${text.label('control_none')}</p>`;
  const rows = controls
    .map((control, position) => ({ control, position }))
    .sort((a, b) => COMPONENTS.indexOf(a.control.component) - COMPONENTS.indexOf(b.control.component));
  return html`${head}
    <div class="scroll" tabindex="0">
      <table class="figures controls" data-table="controls-${index}">
        ${text.head([
          'component',
          'control_kind',
          'control_model',
          'method',
          'control_must',
          'z',
          'r',
          'control_passed',
        ])}
        <tbody>
          ${rows.map(({ control, position }) => controlRow(page, pair, control, controlAnchor(index, position)))}
        </tbody>
      </table>
    </div> `;
}
