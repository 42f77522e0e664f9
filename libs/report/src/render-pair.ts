import type { ComponentVerdict, ModelSummary, PairResult, VerdictReason } from '@jokbo/contracts';
import { appliedLambda, linkedShare } from './document-lookup.js';
import { verdictName } from './leaderboard-table.js';
import {
  formatBytes,
  formatCount,
  formatInterval,
  formatLog10P,
  formatR,
  formatShare,
  formatZ,
  type Figure,
} from './numbers.js';
import { pairContext } from './pair-context.js';
import { pairControls } from './pair-controls.js';
import { sentenceWriter } from './result-sentence.js';
import { rowColumns } from './row-columns.js';
import { terminalStyle, type TerminalOptions, type TerminalStyle } from './terminal-style.js';
import { drawTables, type TextCell } from './text-table.js';
import { wrapParagraph } from './wrap-text.js';

export interface PairOptions extends TerminalOptions {
  /** For names. */
  readonly models?: readonly ModelSummary[];
}

function componentTables(pair: PairResult, style: TerminalStyle): string[][] {
  const { t } = style;
  const figure = (value: Figure): TextCell => ({ text: value ?? t('not_measured_short') });
  const column = rowColumns<ComponentVerdict>(pair.verdict.components);
  const number = (head: string, draw: (row: ComponentVerdict) => Figure) =>
    column(head, 2, null, 'right', (row) => figure(draw(row)));
  return drawTables(
    [
      column(t('component'), 0, 9, 'left', (row) => ({ text: t(`component_${row.component}`) })),
      column(t('verdict'), 1, 12, 'left', (row) => verdictName(row.verdict, style)),
      column(t('statistic'), 1, 9, 'left', (row) =>
        figure(row.statistic === null ? null : style.phrase(row.statistic)),
      ),
      { ...number(t('z'), (row) => formatZ(row.z)), group: 1 },
      { ...number(t('log10_p'), (row) => formatLog10P(row.log10_p)), group: 1 },
      { ...number(t('r'), (row) => formatR(row.r)), group: 1 },
      number(t('r_interval'), (row) => formatInterval(row.r_interval)),
      number(t('r_min'), (row) => formatR(row.r_min)),
      number(t('n_eff'), (row) => formatCount(row.n_eff)),
      number(t('lambda'), (row) => appliedLambda(row)?.toFixed(2) ?? null),
      column(t('tensors'), 3, null, 'right', (row) => figure(formatCount(row.tensors))),
      column(t('parameters'), 3, null, 'right', (row) => figure(formatCount(row.parameters))),
      column(t('bytes_identical'), 3, 9, 'right', (row) => figure(formatBytes(row.bytes_identical))),
    ],
    style.width,
    style,
  );
}

/**
 * One pair for a terminal (`jokbo compare`): every component with its verdict and statistic, its controls counted,
 * and the norm context, which decides nothing. `n.m.` is written where nothing was measured, never 0.
 */
export function renderPair(pair: PairResult, options: PairOptions): string {
  const language = options.language ?? 'en';
  const style = terminalStyle(options, language);
  const { t } = style;
  const models = new Map((options.models ?? []).map((model) => [model.id, model]));
  const title = t('pair_title', {
    subject: style.name(models.get(pair.subject)?.name ?? pair.subject),
    reference: style.name(models.get(pair.reference)?.name ?? pair.reference),
  });
  const outcome = verdictName(pair.verdict.verdict, style);
  const sentence = sentenceWriter(language, (id) => models.get(id)?.name ?? id);
  const reasonSentence = (reason: VerdictReason): string => `${sentence(reason)} (${reason.code})`;
  const reasons = [
    ...pair.verdict.reasons.map((reason) => reasonSentence(reason)),
    ...pair.verdict.components.flatMap((item) =>
      item.reasons.map((reason) => `${t(`component_${item.component}`)}: ${reasonSentence(reason)}`),
    ),
  ];
  const blocks: string[][] = [
    [
      ...wrapParagraph('', title, style.width).map((line) => style.strong(line)),
      `${style.paint(outcome.tone ?? 'quiet', outcome.text)}${pair.verdict.declared ? ` [${t('declared')}]` : ''}`,
      ...wrapParagraph(
        '',
        t('pair_mode', {
          mode: t(`mode_${pair.mode}`),
          comparable: formatShare(pair.verdict.comparable_share) ?? t('not_measured'),
          linked: formatShare(linkedShare(pair.verdict)) ?? t('not_measured'),
        }),
        style.width,
      ),
    ],
    ...(pair.verdict.components.length === 0
      ? [wrapParagraph('', t('components_none'), style.width)]
      : componentTables(pair, style)),
    ...(reasons.length === 0
      ? []
      : [
          [
            style.strong(t('reasons')),
            ...reasons.flatMap((text) => wrapParagraph('  - ', style.prose(text), style.width)),
          ],
        ]),
    [style.strong(t('controls'))],
    ...pairControls(pair.verdict.controls, style),
    ...pairContext(pair.evidence, style),
    [
      `${t('not_measured_short')} = ${t('not_measured')}`,
      style.strong(t('reproduce')),
      `  ${style.prose(pair.reproduce)}`,
    ],
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
