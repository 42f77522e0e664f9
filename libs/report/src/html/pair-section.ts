import {
  POSITIVE_VERDICTS,
  VERDICTS,
  type ComponentVerdict,
  type LayerMap,
  type PairResult,
  type VerdictReason,
} from '@jokbo/contracts';
import { appliedLambda, linkedShare } from '../document-lookup.js';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatLog10P,
  formatR,
  formatShare,
  formatZ,
} from '../numbers.js';
import { sentenceWriter } from '../result-sentence.js';
import { visibleText } from '../visible-text.js';
import { alignmentTable } from './alignment-section.js';
import { controlTable } from './control-table.js';
import { disguiseTable } from './disguise-section.js';
import { contextTable, evidenceTable } from './evidence-section.js';
import { html, name, NOTHING, prose, type Html } from './markup.js';
import { mapAnchor, mapKey, pairAnchor, type Page } from './page.js';
import { decidingRecords, mapRecords, recordLinks } from './record-links.js';
import { pairStatements } from './statements-section.js';
import { tellPhrase } from '../words/result-words.js';

function componentRow(page: Page, pair: PairResult, item: ComponentVerdict): Html {
  const { text } = page;
  return html`<tr>
    ${text.rowHead(`component_${item.component}`)}
    <td data-s="${VERDICTS.indexOf(item.verdict)}">
      ${text.badge(item.verdict)}${item.type === null ? NOTHING : html` <small>${text.phrase(item.type)}</small>`}
    </td>
    ${item.statistic === null ? text.cell(null) : html`<td>${text.phrase(item.statistic)}</td>`}
    ${text.cells([
      formatZ(item.z),
      formatZ(item.z_calibrated),
      formatLog10P(item.log10_p),
      formatLog10P(item.log10_p_adjusted),
      formatR(item.r),
      formatInterval(item.r_interval),
      formatR(item.r_min),
      formatR(item.r_required),
      formatCount(item.n_eff),
      appliedLambda(item)?.toFixed(2) ?? null,
      formatCount(item.tensors),
      formatCount(item.parameters),
      formatCount(item.parameters_linked),
      formatBytes(item.bytes_identical),
    ])}
    <td class="w">${recordLinks(page, pair, decidingRecords(pair, item))}</td>
  </tr> `;
}

function componentTable(page: Page, pair: PairResult, index: number): Html {
  return html`<div class="scroll" tabindex="0">
    <table class="figures dense" data-table="components-${index}">
      ${page.text.head([
        'component',
        'verdict',
        'statistic',
        'z',
        'z_calibrated',
        'log10_p',
        'log10_p_adjusted',
        'r',
        'r_interval',
        'r_min',
        'r_required',
        'n_eff',
        'lambda',
        'tensors',
        'parameters',
        'parameters_linked',
        'bytes_identical',
        'evidence',
      ])}
      <tbody>
        ${pair.verdict.components.map((item) => componentRow(page, pair, item))}
      </tbody>
    </table>
  </div> `;
}

/** A reason with links to the rows that decided; a record that the document lacks is named as it is. */
function reasonItem(
  page: Page,
  methods: ReadonlyMap<string, string>,
  subject: Html,
  reason: VerdictReason,
): Html {
  const links = reason.records.map((id) => {
    const anchor = page.anchors.get(id);
    return anchor === undefined
      ? html` <code>${prose(id)}</code>`
      : html` <a href="#${anchor}">${page.text.phrase(methods.get(id) ?? id)}</a>`;
  });
  const { nameOf } = page.lookup;
  return html`<li>
    ${subject}${page.text.both((_, language) => sentenceWriter(language, nameOf)(reason))}
    <small><code>${prose(reason.code)}</code></small
    >${links}
  </li> `;
}

function reasonList(page: Page, pair: PairResult): Html {
  const methods = new Map(pair.evidence.map(({ id, method }) => [id, method]));
  return html`<h4>${page.text.label('reasons')}</h4>
    <ul class="reasons">
      ${pair.verdict.reasons.map((reason) =>
        reasonItem(page, methods, NOTHING, reason),
      )}${pair.verdict.components.flatMap((item) =>
        item.reasons.map((reason) =>
          reasonItem(page, methods, html`${page.text.label(`component_${item.component}`)}: `, reason),
        ),
      )}
    </ul>`;
}

/** What a map is of, and its diagonal beside its null. */
function mapCaption({ text }: Page, map: LayerMap): Html {
  return html`<figcaption>
    ${text.both((t, language) => {
      const role = tellPhrase(map.role, language);
      const shape = { rows: map.rows, columns: map.columns };
      const title = t('map_title', { component: t(`component_${map.component}`), role, ...shape });
      const diagonal = t('map_diagonal', {
        z: formatZ(map.diagonal_z) ?? t('not_measured'),
        log10_p: formatLog10P(map.diagonal_log10_p) ?? t('not_measured'),
      });
      return `${title}. ${t(`map_statistic_${map.statistic ?? 'trace'}`)}. ${diagonal}.`;
    })}
  </figcaption>`;
}

/** The places of the maps of a pair, with captions and links; the script of the page draws into them. */
function mapFigures(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  if (pair.maps.length === 0)
    return html`<h4>${text.label('maps')}</h4>
      <p>${text.label('map_none')}</p>`;
  return html`<h4>${text.label('maps')}</h4>
    <p>${text.label('map_axes')}. ${text.label('map_hint')}</p>
    <noscript><p>${text.label('map_script')}</p></noscript>
    <div class="maps">
      ${pair.maps.map((map, position) => {
        const links = recordLinks(page, pair, mapRecords(pair, map));
        return html`<figure
          class="map"
          id="${mapAnchor(index, position)}"
          data-map="${mapKey(index, position)}"
          data-name="${visibleText(`${map.component} ${map.role}`)}"
        >
          ${mapCaption(page, map)}${alignmentLine(page, map)}
          <p>${text.label('evidence')}: ${links}</p>
        </figure> `;
      })}
    </div> `;
}

/** What the map says about the order of layers, with the null of its path. */
function alignmentLine({ text }: Page, { alignment }: LayerMap): Html {
  if (alignment === undefined || alignment === null || alignment.summary === '') return NOTHING;
  return html`<p>
    ${text.both((t, language) => {
      const summary = tellPhrase(alignment.summary, language);
      return alignment.path_permutations === 0
        ? t('map_order', { summary })
        : t('map_alignment', {
            summary,
            log10_p: formatLog10P(alignment.path_log10_p) ?? t('not_measured'),
            permutations: alignment.path_permutations,
          });
    })}
  </p> `;
}

function pairContent(page: Page, pair: PairResult, index: number): Html {
  const { text } = page;
  return html`<p>
      ${text.both((t) =>
        t('pair_mode', {
          mode: t(`mode_${pair.mode}`),
          comparable: formatShare(pair.verdict.comparable_share) ?? t('not_measured'),
          linked: formatShare(linkedShare(pair.verdict)) ?? t('not_measured'),
        }),
      )}
    </p>
    ${componentTable(page, pair, index)}${pairStatements(page, pair.subject, pair.reference)}${reasonList(page, pair)}${alignmentTable(page, pair, index)}${controlTable(page, pair, index)}${evidenceTable(page, pair, index)}${disguiseTable(page, pair, index)}${mapFigures(page, pair, index)}${contextTable(page, pair, index)}
    <h4>${text.label('reproduce')}</h4>
    <pre><code>${prose(pair.reproduce)}</code></pre>`;
}

function pairSection(page: Page, pair: PairResult, index: number, open: boolean): Html {
  const { text, lookup } = page;
  return html`<details class="pair" id="${pairAnchor(index)}" ${open ? html` open` : NOTHING}>
    <summary>
      <h3>${name(lookup.nameOf(pair.subject))} × ${name(lookup.nameOf(pair.reference))}</h3>
      ${text.badge(pair.verdict.verdict)}${pair.verdict.declared ? html` ${text.small('declared')}` : NOTHING}
    </summary>
    ${page.part(pairContent(page, pair, index))}
  </details> `;
}

/** Pairs that were found to descend and are unfolded from the start: each takes a moment to draw. */
const MOST_UNFOLDED = 3;

/**
 * Every pair with its statistics, controls, evidence, maps and the command that reproduces it; a single pair is
 * unfolded, of several the first of those that were found to descend.
 */
export function pairSections(page: Page): Html {
  const { text } = page;
  const { pairs } = page.lookup.document;
  const positive = pairs.filter(({ verdict }) => POSITIVE_VERDICTS.includes(verdict.verdict));
  const unfolded = pairs.length === 1 ? pairs : positive.slice(0, MOST_UNFOLDED);
  return html`<section id="pairs">
    <h2>${text.label('pairs')}</h2>
    <noscript><p>${text.label('part_script')}</p></noscript>
    <p>${text.label('null_explained')}</p>
    ${
      pairs.length < 2
        ? NOTHING
        : html`<p class="tools">
            <button type="button" data-open="1">${text.label('open_all')}</button>
            <button type="button" data-open="">${text.label('close_all')}</button>
          </p>`
    }
    ${pairs.map((pair, index) => pairSection(page, pair, index, unfolded.includes(pair)))}
  </section> `;
}
