import type { ModelSummary } from '@jokbo/contracts';
import { coverageShare } from '../document-lookup.js';
import { failureSentences } from '../failures.js';
import { formatBytes, formatCount, formatExact, formatShare } from '../numbers.js';
import { visibleText } from '../visible-text.js';
import { html, name, NOTHING, prose, type Html } from './markup.js';
import type { Page } from './page.js';

function fileTable(page: Page, model: ModelSummary, index: number): Html {
  const { text } = page;
  return html`<details>
    <summary>${text.label('files')} (${model.files.length})</summary>
    ${page.part(
      html`<div class="scroll" tabindex="0">
        <table class="figures" data-table="files-${index}">
          ${text.head(['file', 'size', 'digest'])}
          <tbody>
            ${model.files.map(
              (file) =>
                html`<tr>
                  <td>${prose(file.path)}</td>
                  <td class="f">${formatExact(file.size)}</td>
                  <td><code>${prose(file.digest)}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
    )}
  </details>`;
}

function notScanned(page: Page, model: ModelSummary, index: number): Html {
  const { text } = page;
  const { excluded, excluded_more } = model.coverage;
  if (excluded.length === 0 && excluded_more === 0) {
    return html`<p>${text.label('not_scanned')}: ${text.label('not_scanned_none')}</p>`;
  }
  return html`<details>
    <summary>${text.label('not_scanned')} (${excluded.length + excluded_more})</summary>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="excluded-${index}">
        ${text.head(['tensor', 'reason', 'parameters'])}
        <tbody>
          ${excluded.map(
            (item) =>
              html`<tr>
                <td><code>${prose(item.stored)}</code></td>
                <td>${text.phrase(item.reason)}</td>
                <td class="f">${formatExact(item.parameters)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      excluded_more === 0
        ? NOTHING
        : html`<p>${text.both((t) => t('not_scanned_more', { count: excluded_more }))}</p>`
    }
  </details>`;
}

function modelSection(page: Page, model: ModelSummary, index: number): Html {
  const { text } = page;
  const { coverage } = model;
  const share = coverageShare(model);
  return html`<section class="model">
    <h3>${name(model.name)} <small>${text.label(`role_${model.role}`)}</small></h3>
    <p>
      <code>${prose(model.id)}</code>; ${text.label('family')}:
      ${model.family === null ? text.label('none') : prose(model.family)};
      <code>${prose(model.model_type)}</code> (${text.label(`architecture_${model.architecture}`)});
      ${text.label('hidden_size')} ${model.hidden_size ?? text.label('not_measured')}; ${text.label('layers')}
      ${model.layers ?? text.label('not_measured')}; ${formatCount(model.parameters) ?? ''}
      ${text.label('parameters')}; ${formatBytes(model.bytes)}
    </p>
    <p>
      ${text.label('coverage')}:
      ${text.both((t) =>
        t('coverage_line', {
          mapped: coverage.mapped,
          tensors: coverage.tensors,
          parameters_mapped: formatExact(coverage.parameters_mapped),
          parameters: formatExact(coverage.parameters),
          share: formatShare(share) ?? t('not_measured'),
        }),
      )}
    </p>
    <p>${text.label('fingerprint')}: <code>${prose(model.fingerprint)}</code></p>
    ${notScanned(page, model, index)}${fileTable(page, model, index)}
  </section> `;
}

function summaryRow(page: Page, model: ModelSummary): Html {
  const { text } = page;
  const { coverage } = model;
  return html`<tr>
    <th scope="row">${name(model.name)}</th>
    ${text.word(`role_${model.role}`)}
    <td>${model.family === null ? text.label('none') : prose(model.family)}</td>
    ${text.cells([
      formatExact(model.hidden_size),
      formatExact(model.layers),
      formatCount(model.parameters),
      formatBytes(model.bytes),
      formatExact(model.files.length),
      `${formatExact(coverage.mapped)}/${formatExact(coverage.tensors)}`,
      formatShare(coverageShare(model)),
      formatExact(coverage.excluded.length + coverage.excluded_more),
    ])}
  </tr> `;
}

function summaryTable(page: Page): Html {
  const { text, lookup } = page;
  return html`<h3>${text.label('inputs_table')}</h3>
    <div class="scroll" tabindex="0">
      <table class="figures dense" data-table="inputs">
        ${text.head([
          'model',
          'role',
          'family',
          'hidden_size',
          'layers',
          'parameters',
          'bytes',
          'files',
          'mapped_tensors',
          'coverage_long',
          'not_scanned_tensors',
        ])}
        <tbody>
          ${lookup.document.models.map((model) => summaryRow(page, model))}
        </tbody>
      </table>
    </div> `;
}

function failureList({ lookup, text }: Page): Html {
  if (lookup.document.failures === undefined) return NOTHING;
  const count = failureSentences(lookup, (key) => key, visibleText).length;
  return html`<h3>${text.label('failures')} (${count})</h3>
    <p>${text.label('failures_note')}</p>
    <ul>
      ${Array.from(
        { length: count },
        (_, at) => html`<li>${text.both((t) => failureSentences(lookup, t, visibleText)[at] ?? '')}</li> `,
      )}
    </ul> `;
}

/** Every model with its digests, what was scanned of it and what was not. */
export function inputsSection(page: Page): Html {
  return html`<section id="inputs">
    <h2>${page.text.label('inputs')}</h2>
    ${failureList(page)}${summaryTable(page)}${page.lookup.document.models.map((model, index) => modelSection(page, model, index))}
  </section> `;
}
