import {
  POSITIVE_VERDICTS,
  type ComponentVerdict,
  type LayerMap,
  type ControlRecord,
  type PairResult,
  type VerdictReason,
} from '@jokbo/contracts';
import { lambdaOf } from '../document-lookup.js';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatLog10P,
  formatR,
  formatShare,
  formatZ,
} from '../numbers.js';
import { alignmentTable } from './alignment-section.js';
import { byComponent, type ComponentGroup } from './by-component.js';
import { disguiseTable } from './disguise-section.js';
import { contextTable, evidenceTable } from './evidence-section.js';
import { html, name, NOTHING, prose, type Html } from './markup.js';
import { pairAnchor, type Page } from './page.js';
import { pairStatements } from './statements-section.js';

function componentRow(page: Page, pair: PairResult, item: ComponentVerdict): Html {
  const { text, lookup } = page;
  const width = lookup.modelOf(pair.subject)?.hidden_size ?? null;
  const lambda = lambdaOf(item.statistic, width, lookup.document.calibration);
  return html`<tr>
    ${text.rowHead(`component_${item.component}`)}
    <td>
      ${text.badge(item.verdict)}${item.type === null ? NOTHING : html` <small>${prose(item.type)}</small>`}
    </td>
    ${text.cells([
      item.statistic,
      formatZ(item.z),
      formatZ(item.z_calibrated),
      formatLog10P(item.log10_p),
      formatLog10P(item.log10_p_adjusted),
      formatR(item.r),
      formatInterval(item.r_interval),
      formatR(item.r_min),
      formatR(item.r_required),
      formatCount(item.n_eff),
      lambda === null ? null : lambda.lambda.toFixed(2),
      formatCount(item.tensors),
      formatCount(item.parameters),
      formatCount(item.parameters_linked),
      formatBytes(item.bytes_identical),
    ])}
  </tr> `;
}

function componentTable(page: Page, pair: PairResult): Html {
  return html`<div class="scroll" tabindex="0">
    <table class="figures">
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
      ])}
      <tbody>
        ${pair.verdict.components.map((item) => componentRow(page, pair, item))}
      </tbody>
    </table>
  </div> `;
}

/** A reason with links to the rows that decided; a record that the document lacks is named as it is. */
function reasonItem(page: Page, subject: Html, reason: VerdictReason): Html {
  const links = reason.records.map((id) => {
    const anchor = page.anchors.get(id);
    return anchor === undefined
      ? html` <code>${prose(id)}</code>`
      : html` <a href="#${anchor}"><code>${prose(id)}</code></a>`;
  });
  return html`<li>${subject}<code>${prose(reason.code)}</code>: ${prose(reason.text)}${links}</li> `;
}

function reasonList(page: Page, pair: PairResult): Html {
  return html`<h4>${page.text.label('reasons')}</h4>
    <ul>
      ${pair.verdict.reasons.map((reason) =>
        reasonItem(page, NOTHING, reason),
      )}${pair.verdict.components.flatMap((item) =>
        item.reasons.map((reason) =>
          reasonItem(page, html`${page.text.label(`component_${item.component}`)}: `, reason),
        ),
      )}
    </ul>`;
}

function controlRow(page: Page, control: ControlRecord, first: Html): Html {
  const { text } = page;
  return html`<tr>
    ${first}${text.word(`control_${control.kind}`)}
    <td>
      ${prose(control.model)}${control.note === null ? NOTHING : html` <small>${prose(control.note)}</small>`}
    </td>
    <td>${prose(control.method)}</td>
    <td>${prose(control.must)}</td>
    ${text.cell(formatZ(control.z))}${text.cell(formatR(control.r))}${
      control.passed === false
        ? html`<td class="bad">! ${text.label('failed')}</td>`
        : text.word(control.passed === null ? 'not_due' : 'passed')
    }
  </tr> `;
}

function componentControls(page: Page, group: ComponentGroup<ControlRecord>): Html {
  const head = html`<th scope="rowgroup" rowspan="${group.rows.length}">
    ${page.text.label(`component_${group.component}`)}
  </th>`;
  return html`<tbody>
    ${group.rows.map(({ row }, position) => controlRow(page, row, position === 0 ? head : NOTHING))}
  </tbody> `;
}

function controlTable(page: Page, pair: PairResult): Html {
  const { text } = page;
  const { controls } = pair.verdict;
  const head = html`<h4>${text.label('controls')}</h4>`;
  if (controls.length === 0)
    return html`${head}
      <p class="bad">${text.label('control_none')}</p>`;
  return html`${head}
    <div class="scroll" tabindex="0">
      <table class="figures controls">
        ${text.head([
          'component',
          'control_kind',
          'control_model',
          'method',
          'control_must',
          'z',
          'r',
          'control_passed',
        ])}${byComponent(controls).map((group) => componentControls(page, group))}
      </table>
    </div> `;
}

/** Where the maps of a pair stand in the embedded data: index, or null where it was left out for size. */
export type MapIndex = (pair: number, map: number) => number | null;

function omittedMap(page: Page, map: LayerMap): Html {
  return html`<p>
    ${page.text.both((t) => t('map_omitted', { role: `${t(`component_${map.component}`)}, ${map.role}` }))}
  </p> `;
}

/** The places of the maps of a pair; the script of the page writes caption, drawing and table into them. */
function mapFigures(page: Page, pair: PairResult, index: number, mapIndex: MapIndex): Html {
  const { text } = page;
  if (pair.maps.length === 0)
    return html`<h4>${text.label('maps')}</h4>
      <p>${text.label('map_none')}</p>`;
  return html`<h4>${text.label('maps')}</h4>
    <p>${text.label('map_axes')}. ${text.label('map_hint')}</p>
    <noscript><p>${text.label('map_script')}</p></noscript>
    <div class="maps">
      ${pair.maps.map((map, position) => {
        const stored = mapIndex(index, position);
        return stored === null
          ? omittedMap(page, map)
          : html`<figure class="map" data-map="${stored}"></figure> `;
      })}
    </div> `;
}

function pairSection(
  page: Page,
  pair: PairResult,
  index: number,
  mapIndex: MapIndex,
  unfolded: boolean,
): Html {
  const { text, lookup } = page;
  const open = unfolded || POSITIVE_VERDICTS.includes(pair.verdict.verdict) ? html` open` : NOTHING;
  return html`<details class="pair" id="${pairAnchor(index)}" ${open}>
    <summary>
      ${name(lookup.nameOf(pair.subject))} × ${name(lookup.nameOf(pair.reference))}
      ${text.badge(pair.verdict.verdict)}${pair.verdict.declared ? html` ${text.small('declared')}` : NOTHING}
    </summary>
    <p>
      ${text.both((t) =>
        t('pair_mode', {
          mode: t(`mode_${pair.mode}`),
          comparable: formatShare(pair.verdict.comparable_share) ?? t('not_measured'),
          linked: formatShare(pair.verdict.linked_share) ?? t('not_measured'),
        }),
      )}
    </p>
    ${componentTable(page, pair)}${pairStatements(page, pair.subject, pair.reference)}${reasonList(page, pair)}${alignmentTable(page, pair)}${controlTable(page, pair)}${evidenceTable(page, pair, index)}${disguiseTable(page, pair, index)}${mapFigures(page, pair, index, mapIndex)}${contextTable(page, pair)}
    <h4>${text.label('reproduce')}</h4>
    <pre><code>${prose(pair.reproduce)}</code></pre>
  </details> `;
}

/**
 * Every pair with its statistics, controls, evidence, maps and the command that reproduces it; a single pair is
 * unfolded, of several those that were found to descend.
 */
export function pairSections(page: Page, mapIndex: MapIndex): Html {
  const { text } = page;
  const { pairs } = page.lookup.document;
  return html`<section id="pairs">
    <h2>${text.label('pairs')}</h2>
    <p class="tools">
      <button type="button" data-open="1">${text.label('open_all')}</button>
      <button type="button" data-open="">${text.label('close_all')}</button>
    </p>
    ${pairs.map((pair, index) => pairSection(page, pair, index, mapIndex, pairs.length === 1))}
  </section> `;
}
