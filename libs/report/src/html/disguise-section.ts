import type { EvidenceRecord, PairResult } from '@jokbo/contracts';
import { formatCount, formatR, formatZ } from '../numbers.js';
import { html, NOTHING, prose, type Html } from './markup.js';
import { nullCell } from './null-cell.js';
import { evidenceAnchor, type Page } from './page.js';

/** Whether a record is one of the many that are held to control pairs, in a table of their own. */
export function isDisguise(record: EvidenceRecord): boolean {
  return record.tier === 3;
}

function figure(record: EvidenceRecord, name: string): number | null {
  const value = record.details[name];
  return typeof value === 'number' ? value : null;
}

function disguiseRow(page: Page, record: EvidenceRecord, anchor: string): Html {
  const { text } = page;
  const alignment = record.details['alignment'];
  const adjusted = figure(record, 'z_adjusted');
  const above = figure(record, 'above_controls') === 1;
  return html`<tr id="${anchor}">
    ${text.rowHead(`component_${record.component}`)}
    <td>
      <a href="#${anchor}">${text.phrase(record.method)}</a> <small><code>${prose(record.id)}</code></small>
    </td>
    <td>
      ${text.label(`status_${record.status}`)}${record.reason === null ? NOTHING : html` <small>${text.phrase(record.reason)}</small>`}
    </td>
    ${text.cells([
      formatZ(record.z),
      formatZ(figure(record, 'control_mean')),
      formatZ(figure(record, 'control_deviation')),
      formatCount(figure(record, 'control_pairs')),
      formatCount(figure(record, 'control_pairs_alike')),
      formatZ(adjusted),
    ])}
    ${nullCell(adjusted, [])} ${text.cell(formatR(record.r))}
    <td>${text.label(above ? 'yes' : 'no')}</td>
    <td>${typeof alignment === 'string' ? text.phrase(alignment) : NOTHING}</td>
  </tr> `;
}

/** Tier 3 of a pair: every statistic under a learned alignment beside its control pairs, one anchored row each. */
export function disguiseTable(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  const rows = pair.evidence.flatMap((record, position) =>
    isDisguise(record) ? [disguiseRow(page, record, evidenceAnchor(index, position))] : [],
  );
  if (rows.length === 0) return NOTHING;
  return html`<h4>${text.label('tier3')}</h4>
    <p>${text.label('tier3_explained')}</p>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="disguises-${index}">
        ${text.head([
          'component',
          'method',
          'status',
          'z',
          'control_mean',
          'control_deviation',
          'control_pairs',
          'control_pairs_alike',
          'z_adjusted',
          'control_picture',
          'r',
          'above_controls',
          'alignment_name',
        ])}
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div> `;
}
