import { METHODS, VERDICTS, type RuleThresholds } from '@jokbo/contracts';
import type { MessageKey } from '../messages.js';
import { formatDetail } from '../numbers.js';
import { html, NOTHING, prose, type Html } from './markup.js';
import type { MapPrecision } from './pack-map.js';
import { tellPhrase } from '../words/result-words.js';
import type { Page } from './page.js';

const NOTES = [
  'method_null',
  'method_r',
  'method_controls',
  'method_wording',
  'method_verdict_note',
] as const;

const TERMS = ['initialisation', 'frozen', 'derivative', 'control', 'null', 'component'] as const;

/** Heads of tables that the glossary explains. */
const HEADS = [
  'primary',
  'tier',
  'z',
  'z_calibrated',
  'log10_p',
  'log10_p_adjusted',
  'r',
  'r_min',
  'r_required',
  'n_eff',
  'lambda',
  'not_measured',
] as const satisfies readonly MessageKey[];

/** What each threshold decides. */
const THRESHOLD_MEANINGS: Readonly<Record<keyof RuleThresholds, MessageKey>> = {
  reject_z: 'means_reject_z',
  clean_z: 'means_clean_z',
  reject_log10_p: 'means_reject_log10_p',
  effect_floor: 'means_effect_floor',
  block_r: 'means_block_r',
  gram_alone_r: 'means_gram_alone_r',
  identical_share: 'means_identical_share',
  comparable_share: 'means_comparable_share',
  required_r: 'means_required_r',
  required_gram_r: 'means_required_gram_r',
};
const isThreshold = (name: string): name is keyof RuleThresholds => Object.hasOwn(THRESHOLD_MEANINGS, name);

/** The numbers of one threshold by their names in the rule set; those of one kind as `name.kind`. */
function numbersOf(name: string, value: unknown): { readonly name: string; readonly value: number }[] {
  if (typeof value === 'number') return [{ name, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([kind, of]: [string, unknown]) => numbersOf(`${name}.${kind}`, of));
}

/** Rows of one threshold: its numbers, and beside the first what they decide. */
function thresholdRows({ text }: Page, threshold: string, value: unknown): Html[] {
  const numbers = numbersOf(threshold, value);
  const meaning = isThreshold(threshold) ? text.label(THRESHOLD_MEANINGS[threshold]) : NOTHING;
  return numbers.map(
    ({ name, value: number }, index) =>
      html`<tr>
        <th scope="row"><code>${prose(name)}</code></th>
        <td class="f">${formatDetail(number) ?? ''}</td>
        ${index === 0 ? html`<td class="w" rowspan="${numbers.length}">${meaning}</td>` : NOTHING}
      </tr>`,
  );
}

/** How to read the page: notes, classes of verdicts, thresholds, statistics with their tiers, and terms. */
export function methodSection(page: Page, precision: MapPrecision): Html {
  const { text, lookup } = page;
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
    <div class="scroll" tabindex="0">
      <table class="figures dense">
        ${text.head(['threshold', 'value', 'meaning'])}
        <tbody>
          ${Object.entries(thresholds).flatMap(([name, value]: [string, unknown]) => thresholdRows(page, name, value))}
        </tbody>
      </table>
    </div>
    <h3>${text.label('methods_title')}</h3>
    <table class="words">
      ${text.head(['method', 'method_asks'])}
      <tbody>
        ${METHODS.map(
          (method) =>
            html`<tr>
              <th scope="row">
                ${text.both((_, language) => (language === 'en' ? '' : `${tellPhrase(method, language)} `))}<code
                  >${method}</code
                >
              </th>
              ${text.word(`method_of_${method}`)}
            </tr>`,
        )}
      </tbody>
    </table>
    <h3>${text.label('glossary')}</h3>
    <table class="words">
      ${text.head(['term', 'meaning'])}
      <tbody>
        ${HEADS.map(
          (term) =>
            html`<tr>
              ${text.rowHead(term)}${text.word(`means_${term}`)}
            </tr>`,
        )}${TERMS.map(
          (term) =>
            html`<tr>
              ${text.rowHead(`term_${term}`)}${text.word(`term_${term}_means`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section> `;
}
