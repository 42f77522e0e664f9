import type { EvidenceRecord } from '@jokbo/contracts';
import { contextRows, type ContextRow } from './context-rows.js';
import { formatDetail } from './numbers.js';
import { rowColumns } from './row-columns.js';
import type { TerminalStyle } from './terminal-style.js';
import { drawTables } from './text-table.js';
import { wrapParagraph } from './wrap-text.js';

/** The norm context of one pair, beside a third model where one was measured; it decides nothing. */
export function pairContext(evidence: readonly EvidenceRecord[], style: TerminalStyle): string[][] {
  const { t } = style;
  const tables = evidence.filter(({ method }) => method === 'norm_context').map(contextRows);
  const compared = tables.some((rows) => rows.some(({ baseline }) => baseline !== undefined));
  const heading = [
    style.strong(t('context')),
    ...wrapParagraph('  ', t(compared ? 'context_explained' : 'context_alone'), style.width),
  ];
  if (tables.length === 0) return [heading, [`  ${t('context_none')}`]];
  return [heading, ...tables.flatMap((rows) => contextTables(rows, compared, style))];
}

function contextTables(rows: readonly ContextRow[], compared: boolean, style: TerminalStyle): string[][] {
  const { t } = style;
  const column = rowColumns<ContextRow>(rows);
  const shown = (value: number | string | null | undefined) => ({
    text: value === undefined ? style.absent : style.name(formatDetail(value) ?? t('not_measured_short')),
  });
  return drawTables(
    [
      column('', 0, 12, 'left', (row) => ({
        text: row.label === null ? style.name(row.name) : t(row.label),
      })),
      column(t('context_pair'), 1, 12, 'right', (row) => shown(row.pair)),
      ...(compared ? [column(t('context_baseline'), 1, 12, 'right', (row) => shown(row.baseline))] : []),
    ],
    style.width,
    style,
  );
}
