import type { Calibration } from '@jokbo/contracts';
import { calibrationLine, tier3Line } from '../findings.js';
import { normalQuantile } from '../normal-quantile.js';
import { sentenceWriter, toldCaveats } from '../result-sentence.js';
import { html, NOTHING, type Html } from './markup.js';
import type { Page } from './page.js';
import { tellPhrase } from '../words/result-words.js';

/** Side of a QQ plot and its margin, pixels. */
const PLOT = 220;
const MARGIN = 24;
/** Smallest range of both axes, standard deviations. */
const LEAST_RANGE = 4;

function qqPlot(page: Page, item: Calibration): Html {
  const range = Math.max(LEAST_RANGE, ...item.z.map((z) => Math.ceil(Math.abs(z))));
  const place = (value: number) => MARGIN + ((value + range) / (2 * range)) * (PLOT - 2 * MARGIN);
  const at = (value: number) => place(value).toFixed(1);
  const up = (value: number) => (PLOT - place(value)).toFixed(1);
  const points = item.z.map((z, index) => {
    const expected = normalQuantile((index + 0.5) / item.z.length);
    return html`<circle cx="${at(expected)}" cy="${up(z)}" r="2.5" />`;
  });
  const slope = Math.sqrt(item.lambda);
  const end = Math.min(range, range / slope);
  return html`<svg
    class="qq"
    viewBox="0 0 ${PLOT} ${PLOT}"
    width="${PLOT}"
    height="${PLOT}"
    role="img"
    aria-label="QQ, ${tellPhrase(item.statistic, page.text.language)}, λ ${item.lambda.toFixed(2)}"
  >
    <path
      class="axis"
      d="M${MARGIN} ${PLOT - MARGIN}H${PLOT - MARGIN}M${MARGIN} ${PLOT - MARGIN}V${MARGIN}"
    />
    <path class="same" d="M${at(-range)} ${up(-range)}L${at(range)} ${up(range)}" />
    <path class="fit" d="M${at(-end)} ${up(-end * slope)}L${at(end)} ${up(end * slope)}" />
    <text x="${MARGIN}" y="${PLOT - 8}">−${range}</text>
    <text x="${PLOT - MARGIN}" y="${PLOT - 8}" text-anchor="end">${range}</text>
    <text x="4" y="${MARGIN}">${range}</text>
    <text x="4" y="${PLOT - MARGIN}">−${range}</text>
    ${points}
  </svg>`;
}

/** λ of each component by itself, and its pairs; verdicts use the pooled one. */
function cellLine(page: Page, { components = [] }: Calibration): Html {
  if (components.length === 0) return NOTHING;
  const cells = components.map(
    ({ component, lambda, pairs }) =>
      html`${page.text.label(`component_${component}`)} ${lambda === null ? '–' : lambda.toFixed(2)}
      (${pairs}) `,
  );
  return html` <small>${cells}</small>`;
}

/** Calibration with its QQ plots, tier 3 and caveats. */
export function calibrationSection(page: Page): Html {
  const { text, lookup } = page;
  const { calibration, rules } = lookup.document;
  const caveats = toldCaveats(lookup.document);
  return html`<section id="calibration">
    <h2>${text.label('calibration')}</h2>
    <p>${text.label('calibration_explained')}</p>
    ${calibration.length === 0 ? html`<p>${text.label('calibration_none')}</p>` : html`<p>${text.label('qq_caption')}</p>`}
    <div class="plots">
      ${calibration.map(
        (item) =>
          html`<figure>
            ${qqPlot(page, item)}
            <figcaption>
              ${text.both((t, language) => calibrationLine(item, t, language))}${cellLine(page, item)}
            </figcaption>
          </figure>`,
      )}
    </div>
    <p>${text.both((t) => tier3Line(rules, t))}</p>
    <h3>${text.label('caveats')}</h3>
    ${
      caveats.length === 0
        ? html`<p>${text.label('none')}</p>`
        : html`<ul class="caveats">
            ${caveats.map((caveat) => html`<li>${text.both((_, language) => sentenceWriter(language)(caveat))}</li>`)}
          </ul>`
    }
  </section> `;
}
