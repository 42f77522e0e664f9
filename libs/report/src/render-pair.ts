import type {
  Calibration,
  ComponentVerdict,
  ControlRecord,
  EvidenceRecord,
  ModelSummary,
  PairResult,
} from '@jokbo/contracts';
import { contextRows, type ContextRow } from './context-rows.js';
import { lambdaOf } from './document-lookup.js';
import { verdictName } from './leaderboard-table.js';
import {
  formatBytes,
  formatCount,
  formatDetail,
  formatInterval,
  formatLog10P,
  formatR,
  formatShare,
  formatZ,
  type Figure,
} from './numbers.js';
import { terminalStyle, type TerminalOptions, type TerminalStyle } from './terminal-style.js';
import { drawTables, type TextCell, type TextColumn } from './text-table.js';
import { wrapParagraph } from './wrap-text.js';

export interface PairOptions extends TerminalOptions {
  /** For names and the width of the residual stream. */
  readonly models?: readonly ModelSummary[];
  readonly calibration?: readonly Calibration[];
}

type Draw<Row> = (row: Row) => TextCell;

function columnsOf<Row>(rows: readonly Row[]) {
  return (
    head: string,
    group: number,
    least: number | null,
    align: 'left' | 'right',
    draw: Draw<Row>,
  ): TextColumn => ({
    head,
    group,
    least,
    align,
    cells: rows.map(draw),
  });
}

function componentTables(
  pair: PairResult,
  width: number | null,
  calibration: readonly Calibration[],
  style: TerminalStyle,
): string[][] {
  const { t } = style;
  const figure = (value: Figure): TextCell => ({ text: value ?? t('not_measured_short') });
  const column = columnsOf<ComponentVerdict>(pair.verdict.components);
  const number = (head: string, draw: (row: ComponentVerdict) => Figure) =>
    column(head, 2, null, 'right', (row) => figure(draw(row)));
  return drawTables(
    [
      column(t('component'), 0, 9, 'left', (row) => ({ text: t(`component_${row.component}`) })),
      column(t('verdict'), 1, 12, 'left', (row) => verdictName(row.verdict, style)),
      column(t('statistic'), 1, 9, 'left', (row) =>
        figure(row.statistic === null ? null : style.name(row.statistic)),
      ),
      { ...number(t('z'), (row) => formatZ(row.z)), group: 1 },
      { ...number(t('log10_p'), (row) => formatLog10P(row.log10_p)), group: 1 },
      { ...number(t('r'), (row) => formatR(row.r)), group: 1 },
      number(t('r_interval'), (row) => formatInterval(row.r_interval)),
      number(t('r_min'), (row) => formatR(row.r_min)),
      number(t('n_eff'), (row) => formatCount(row.n_eff)),
      number(t('lambda'), (row) => lambdaOf(row.statistic, width, calibration)?.lambda.toFixed(2) ?? null),
      column(t('tensors'), 3, null, 'right', (row) => figure(formatCount(row.tensors))),
      column(t('parameters'), 3, null, 'right', (row) => figure(formatCount(row.parameters))),
      column(t('bytes_identical'), 3, 9, 'right', (row) => figure(formatBytes(row.bytes_identical))),
    ],
    style.width,
    style,
  );
}

/** How a control ended: symbol-free text and tone. */
function controlState(control: ControlRecord, style: TerminalStyle): TextCell {
  if (control.passed === null) return { text: style.t('not_due'), tone: 'quiet' };
  return control.passed
    ? { text: style.t('passed'), tone: 'neutral' }
    : { text: style.t('failed'), tone: 'warning' };
}

function controlTables(pair: PairResult, style: TerminalStyle): string[][] {
  const { t } = style;
  const controls = pair.verdict.controls;
  if (controls.length === 0) return [wrapParagraph('  ', t('control_none'), style.width)];
  const missing = t('not_measured_short');
  const column = columnsOf<ControlRecord>(controls);
  return drawTables(
    [
      column(t('component'), 0, 9, 'left', (row) => ({ text: t(`component_${row.component}`) })),
      column(t('control_kind'), 0, 13, 'left', (row) => ({ text: t(`control_${row.kind}`) })),
      column(t('control_model'), 1, 12, 'left', (row) => ({
        text: style.name(row.note === null ? row.model : `${row.model} (${row.note})`),
      })),
      column(t('method'), 1, 8, 'left', (row) => ({ text: style.name(row.method) })),
      column(t('control_must'), 1, 8, 'left', (row) => ({ text: style.name(row.must) })),
      column(t('z'), 2, null, 'right', (row) => ({ text: formatZ(row.z) ?? missing })),
      column(t('r'), 2, null, 'right', (row) => ({ text: formatR(row.r) ?? missing })),
      column(t('control_passed'), 2, null, 'left', (row) => controlState(row, style)),
    ],
    style.width,
    style,
  );
}

function contextTables(records: readonly EvidenceRecord[], style: TerminalStyle): string[][] {
  const { t } = style;
  const shown = (value: number | string | null | undefined) => ({
    text: value === undefined ? style.absent : style.name(formatDetail(value) ?? t('not_measured_short')),
  });
  return records.flatMap((record) => {
    const column = columnsOf<ContextRow>(contextRows(record));
    return drawTables(
      [
        column(t('context'), 0, 12, 'left', (row) => ({
          text: row.label === null ? style.name(row.name) : t(row.label),
        })),
        column(t('context_pair'), 1, 12, 'right', (row) => shown(row.pair)),
        column(t('context_baseline'), 1, 12, 'right', (row) => shown(row.baseline)),
      ],
      style.width,
      style,
    );
  });
}

/**
 * One pair for a terminal (`jokbo compare`): every component with its verdict and statistic, the controls, and
 * the norm context, which decides nothing. `n.m.` is written where nothing was measured, never 0.
 */
export function renderPair(pair: PairResult, options: PairOptions): string {
  const style = terminalStyle(options, options.language ?? 'en');
  const { t } = style;
  const models = new Map((options.models ?? []).map((model) => [model.id, model]));
  const title = t('pair_title', {
    subject: style.name(models.get(pair.subject)?.name ?? pair.subject),
    reference: style.name(models.get(pair.reference)?.name ?? pair.reference),
  });
  const outcome = verdictName(pair.verdict.verdict, style);
  const context = pair.evidence.filter((record) => record.method === 'norm_context');
  const width = models.get(pair.subject)?.hidden_size ?? null;
  const reasons = [
    ...pair.verdict.reasons.map((reason) => `${reason.code}: ${reason.text}`),
    ...pair.verdict.components.flatMap((item) =>
      item.reasons.map((reason) => `${t(`component_${item.component}`)}: ${reason.code}: ${reason.text}`),
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
          linked: formatShare(pair.verdict.linked_share) ?? t('not_measured'),
        }),
        style.width,
      ),
    ],
    ...componentTables(pair, width, options.calibration ?? [], style),
    ...(reasons.length === 0
      ? []
      : [
          [
            style.strong(t('reasons')),
            ...reasons.flatMap((text) => wrapParagraph('  - ', style.prose(text), style.width)),
          ],
        ]),
    [style.strong(t('controls'))],
    ...controlTables(pair, style),
    [style.strong(t('context')), ...wrapParagraph('  ', t('context_explained'), style.width)],
    ...(context.length === 0 ? [[`  ${t('context_none')}`]] : contextTables(context, style)),
    [
      `${t('not_measured_short')} = ${t('not_measured')}`,
      style.strong(t('reproduce')),
      `  ${style.prose(pair.reproduce)}`,
    ],
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
