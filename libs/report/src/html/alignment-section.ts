import type { PairResult } from '@jokbo/contracts';
import { html, NOTHING, prose, type Html } from './markup.js';
import type { Page } from './page.js';

/** The alignments that tier 3 recovered for a pair, each with the file that holds its map. */
export function alignmentTable({ text }: Page, { alignments = [] }: PairResult, index: number): Html {
  if (alignments.length === 0) return NOTHING;
  return html`<h4>${text.label('alignments')}</h4>
    <p>${text.label('alignments_explained')}</p>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="alignments-${index}">
        ${text.head(['alignment_kind', 'alignment_name', 'file'])}
        <tbody>
          ${alignments.map(
            ({ kind, name, file }) =>
              html`<tr>
                ${text.rowHead(`alignment_${kind}`)}
                <td>${text.phrase(name)}</td>
                <td><code>${prose(file)}</code></td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}
