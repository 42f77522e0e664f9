import { COMPONENTS, type BlockRecord, type EvidenceRecord, type PairResult } from '@jokbo/contracts';
import { contextRows } from '../context-rows.js';
import { measuredLambda } from '../document-lookup.js';
import { formatCount, formatDetail, formatInterval, formatLog10P, formatR, formatZ } from '../numbers.js';
import type { MessageKey } from '../messages.js';
import { isDisguise } from './disguise-section.js';
import { html, NOTHING, prose, type Html } from './markup.js';
import { nullCell } from './null-cell.js';
import { evidenceAnchor, type Page } from './page.js';

/** Blocks written per record; rows of a model with many experts would fill the file. The JSON result holds all. */
const MOST_BLOCKS = 8;
/** Tensors that were not compared, written per record. */
const MOST_SKIPPED = 20;
/** |z| from which a record's blocks are written out: the threshold of a block. */
const BLOCK_Z = 8;

const EVIDENCE_HEADS: readonly MessageKey[] = [
  'component',
  'method',
  'tier',
  'status',
  'z',
  'null_picture',
  'log10_p',
  'r',
  'r_interval',
  'r_min',
  'n_eff',
  'lambda',
  'null_hypothesis',
  'ceiling',
  'tensors',
  'parameters',
  'layer_map',
  'blocks',
  'strongest',
  'scrambles',
  'details',
];

function strongest(blocks: readonly BlockRecord[]): BlockRecord[] {
  const size = (block: BlockRecord) => (block.identical ? Infinity : Math.abs(block.z ?? -1));
  return [...blocks].sort((a, b) => size(b) - size(a) || (a.key < b.key ? -1 : 1)).slice(0, MOST_BLOCKS);
}

function blockDetails(page: Page, record: EvidenceRecord): Html {
  const { text } = page;
  const flagged = Math.abs(record.z ?? 0) >= BLOCK_Z || record.blocks.some((block) => block.identical);
  if (record.blocks.length === 0 || !flagged) return NOTHING;
  const shown = strongest(record.blocks);
  return html`<p>
      ${text.both((t) => t('blocks_shown', { shown: shown.length, all: record.blocks.length }))}
    </p>
    <table class="figures">
      ${text.head(['block', 'block_reference', 'z', 'r', 'parameters', 'identical_values'])}
      <tbody>
        ${shown.map(
          (block) =>
            html`<tr>
              <td>${prose(block.key)}</td>
              <td>${prose(block.reference_key)}</td>
              ${text.cell(formatZ(block.z))}${text.cell(formatR(block.r))}
              <td>${formatCount(block.parameters) ?? ''}</td>
              <td>${text.label(block.identical ? 'yes' : 'no')}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function skippedDetails(page: Page, record: EvidenceRecord): Html {
  const { text } = page;
  if (record.skipped.length === 0) return NOTHING;
  const more = record.skipped.length - MOST_SKIPPED;
  return html`<p>${text.label('skipped')}:</p>
    <ul>
      ${record.skipped
        .slice(0, MOST_SKIPPED)
        .map((item) => html`<li><code>${prose(item.key)}</code>: ${text.phrase(item.reason)}</li>`)}${
        more > 0 ? html`<li>${text.both((t) => t('skipped_more', { count: more }))}</li>` : NOTHING
      }
    </ul>`;
}

/** Method-specific figures, flat. */
function detailCell(page: Page, record: EvidenceRecord): Html {
  const { text } = page;
  const figures = Object.entries(record.details).map(([key, value]) => {
    if (value === null) return html`${text.phrase(key)} ${text.label('not_measured')}; `;
    const shown = value === '' ? text.label('none') : text.phrase(formatDetail(value) ?? '');
    return html`${text.phrase(key)} ${shown}; `;
  });
  return html`<td class="w">${figures}${extras(page, record)}</td>`;
}

function statusCell(page: Page, record: EvidenceRecord): Html {
  const { text } = page;
  if (record.reason === null) return text.word(`status_${record.status}`);
  return html`<td>${text.label(`status_${record.status}`)} <small>${text.phrase(record.reason)}</small></td>`;
}

/** What is folded into the last cell of a record: its strongest blocks, and what was not compared. */
function extras(page: Page, record: EvidenceRecord): Html {
  const written = [blockDetails, skippedDetails]
    .map((write) => write(page, record))
    .filter((extra) => extra.markup !== '');
  if (written.length === 0) return NOTHING;
  return html`<details>
    <summary>${page.text.label('blocks_and_skipped')}</summary>
    ${written}
  </details>`;
}

function evidenceRow(page: Page, pair: PairResult, record: EvidenceRecord, anchor: string): Html {
  const { text, lookup } = page;
  const width = lookup.modelOf(pair.subject)?.hidden_size ?? null;
  const lambda = measuredLambda(record, pair.evidence, width, lookup.document.calibration);
  const largest = record.blocks.reduce<number | null>(
    (most, block) => (block.z === null ? most : Math.max(most ?? 0, Math.abs(block.z))),
    null,
  );
  return html`<tr id="${anchor}">
    ${text.rowHead(`component_${record.component}`)}
    <td>
      <a href="#${anchor}">${text.phrase(record.method)}</a
      >${record.primary ? html` ${text.small('primary')}` : NOTHING}
      <small><code>${prose(record.id)}</code></small>
    </td>
    <td>T${record.tier}</td>
    ${statusCell(page, record)}${text.cell(formatZ(record.z))} ${nullCell(record.z, record.scrambles)}
    ${text.cells([
      formatLog10P(record.log10_p),
      formatR(record.r),
      formatInterval(record.r_interval),
      formatR(record.r_min),
      formatCount(record.n_eff),
      lambda === null ? null : lambda.lambda.toFixed(2),
    ])}
    <td>${text.phrase(record.null_hypothesis)}</td>
    ${text.cells([formatZ(record.ceiling), formatCount(record.tensors), formatCount(record.parameters)])}
    <td>${text.phrase(record.layer_map)} (${record.maps_tried})</td>
    ${text.cells([String(record.blocks.length), formatZ(largest)])}
    <td class="draws">${record.scrambles.map((z) => formatZ(z) ?? '').join(' ')}</td>
    ${detailCell(page, record)}
  </tr> `;
}

/** Every statistic of a pair with a null of its own, one anchored row each, by component. */
export function evidenceTable(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  const head = html`<h4>${text.label('evidence')}</h4>`;
  const rows = pair.evidence
    .map((record, position) => ({ record, position }))
    .filter(({ record }) => !isDisguise(record))
    .sort((a, b) => COMPONENTS.indexOf(a.record.component) - COMPONENTS.indexOf(b.record.component));
  if (rows.length === 0)
    return html`${head}
      <p>${text.label('evidence_none')}</p>`;
  return html`${head}
    <div class="scroll" tabindex="0">
      <table class="figures evidence" data-table="evidence-${index}">
        ${text.head(EVIDENCE_HEADS)}
        <tbody>
          ${rows.map(({ record, position }) => evidenceRow(page, pair, record, evidenceAnchor(index, position)))}
        </tbody>
      </table>
    </div> `;
}

/** Raw norm cosine and Pearson beside the third-model baseline: shown, never used. */
export function contextTable(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  const records = pair.evidence.filter((record) => record.method === 'norm_context');
  if (records.length === 0)
    return html`<h4>${text.label('context')}</h4>
      <p>${text.label('context_none')}</p>`;
  const value = (detail: number | string | null | undefined) =>
    detail === undefined ? html`<td>·</td>` : text.cell(formatDetail(detail));
  return html`<h4>${text.label('context')}</h4>
    <p>${text.label('context_explained')}</p>
    ${records.map(
      (record, position) =>
        html`<div class="scroll" tabindex="0">
          <table class="figures context" data-table="context-${index}-${position}">
            ${text.head(['context', 'context_pair', 'context_baseline'])}
            <tbody>
              ${contextRows(record).map(
                (row) =>
                  html`<tr>
                    ${row.label === null ? html`<th scope="row">${prose(row.name)}</th>` : text.rowHead(row.label)}
                    ${value(row.pair)}${value(row.baseline)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
    )}`;
}
