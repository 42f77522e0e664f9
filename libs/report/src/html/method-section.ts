import { METHODS, VERDICTS } from '@jokbo/contracts';
import { formatDetail } from '../numbers.js';
import { html, prose, type Html } from './markup.js';
import type { MapPrecision } from './pack-map.js';
import type { Page } from './page.js';

const NOTES = [
  'method_null',
  'method_r',
  'method_controls',
  'method_wording',
  'method_verdict_note',
] as const;

const TERMS = ['initialisation', 'frozen', 'derivative', 'control', 'null', 'component'] as const;

/** Every number of the thresholds by its name in the rule set; those of one kind as `name.kind`. */
function thresholdRows(thresholds: object, prefix = ''): { readonly name: string; readonly value: number }[] {
  return Object.entries(thresholds).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'number') return [{ name: `${prefix}${key}`, value }];
    return typeof value === 'object' && value !== null ? thresholdRows(value, `${prefix}${key}.`) : [];
  });
}

/** How to read the page: notes, classes of verdicts, thresholds, statistics with their tiers, and terms. */
export function methodSection({ text, lookup }: Page, precision: MapPrecision): Html {
  const { thresholds } = lookup.document.rules;
  return html`<section id="method">
    <h2>${text.label('method_notes')}</h2>
    <ul>
      ${NOTES.map((key) => html`<li>${text.label(key)}</li>`)}
      <li>
        ${text.both((t) => t('map_precision', { r: 1 / precision.r, cosine: 1 / precision.cosine, z: 1 / precision.z }))}
      </li>
    </ul>
    <h3>${text.label('verdicts_title')}</h3>
    <table class="words">
      ${text.head(['verdict', 'meaning'])}
      <tbody>
        ${VERDICTS.map(
          (verdict) =>
            html`<tr>
              <th scope="row">${text.badge(verdict)}</th>
              ${text.word(`means_${verdict}`)}
            </tr>`,
        )}
      </tbody>
    </table>
    <h3>${text.label('thresholds')}</h3>
    <table class="figures">
      ${text.head(['threshold', 'value'])}
      <tbody>
        ${thresholdRows(thresholds).map(
          ({ name, value }) =>
            html`<tr>
              <th scope="row"><code>${prose(name)}</code></th>
              <td class="f">${formatDetail(value) ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <h3>${text.label('methods_title')}</h3>
    <table class="words">
      ${text.head(['method', 'method_asks'])}
      <tbody>
        ${METHODS.map(
          (method) =>
            html`<tr>
              <th scope="row"><code>${method}</code></th>
              ${text.word(`method_of_${method}`)}
            </tr>`,
        )}
      </tbody>
    </table>
    <h3>${text.label('glossary')}</h3>
    <table class="words">
      ${text.head(['term', 'meaning'])}
      <tbody>
        ${TERMS.map(
          (term) =>
            html`<tr>
              ${text.rowHead(`term_${term}`)}${text.word(`term_${term}_means`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section> `;
}
