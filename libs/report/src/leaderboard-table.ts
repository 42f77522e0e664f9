import type { Component, LeaderboardRow, VerdictClass } from '@jokbo/contracts';
import {
  coverageShare,
  leaderboardComponents,
  releaseLinkedShare,
  type DocumentLookup,
} from './document-lookup.js';
import { isIncomplete } from './failures.js';
import { nearestText } from './nearest-references.js';
import { formatShare } from './numbers.js';
import type { TerminalStyle } from './terminal-style.js';
import { drawTables, fitsOneTable, type TextCell, type TextColumn } from './text-table.js';
import { COMPONENT_CODES, VERDICT_SYMBOLS, VERDICT_TONES } from './verdict-marks.js';

/** Symbol and short text of a verdict, three columns wide. */
export function verdictMark(verdict: VerdictClass, style: TerminalStyle): TextCell {
  return {
    text: `${VERDICT_SYMBOLS[verdict]}${style.t(`code_${verdict}`)}`,
    tone: VERDICT_TONES[verdict],
  };
}

/** Symbol, short text and full name of a verdict. */
export function verdictName(verdict: VerdictClass, style: TerminalStyle): TextCell {
  return {
    text: `${verdictMark(verdict, style).text} ${style.t(`verdict_${verdict}`)}`,
    tone: VERDICT_TONES[verdict],
  };
}

function componentCell(row: LeaderboardRow, component: Component, style: TerminalStyle): TextCell {
  const found = row.components.find((item) => item.component === component);
  return found === undefined
    ? { text: ` ${style.absent}`, tone: 'quiet' }
    : verdictMark(found.verdict, style);
}

/** The leaderboard, one row per release in the order of the document; several tables where it is too wide. */
export function leaderboardTables(lookup: DocumentLookup, style: TerminalStyle): string[][] {
  const { t } = style;
  const rows = lookup.document.leaderboard;
  const column = (
    head: string,
    group: number,
    least: number | null,
    cell: (row: LeaderboardRow) => TextCell,
    align: 'left' | 'right' = 'left',
  ): TextColumn => ({ head, group, least, align, cells: rows.map(cell) });
  const missing = t('not_measured_short');

  const outcome = column(t('outcome'), 1, 12, (row) => {
    const mark = verdictName(row.outcome, style);
    const tags = [
      ...(row.declared ? [t('declared')] : []),
      ...(isIncomplete(lookup.document, row.subject) ? [t('incomplete')] : []),
    ];
    return { ...mark, text: [mark.text, ...tags.map((tag) => `[${tag}]`)].join(' ') };
  });
  const team = column(t('team'), 0, 10, (row) => ({ text: style.name(row.team) }));
  const release = column(t('release'), 0, 14, (row) => ({ text: style.name(row.release) }));
  const both = column(t('team_release'), 0, 13, (row) => ({
    text: `${style.name(row.team)}\n${style.name(row.release)}`,
  }));
  const rest = [
    column(t('nearest'), 1, 11, (row) => ({
      text: nearestText(lookup, row, t, style.name),
    })),
    column(
      t('share'),
      1,
      null,
      (row) => ({ text: formatShare(releaseLinkedShare(row)) ?? missing }),
      'right',
    ),
    column(
      t('controls_short'),
      2,
      null,
      (row) => ({
        text: `${row.controls_passed}/${row.controls_due}`,
        ...(row.controls_passed < row.controls_due ? { tone: 'warning' as const } : {}),
      }),
      'right',
    ),
    column(
      t('coverage_short'),
      2,
      null,
      (row) => ({ text: formatShare(coverageShare(lookup.modelOf(row.subject))) ?? missing }),
      'right',
    ),
    column(
      t('comparable_short'),
      2,
      null,
      (row) => ({ text: `${row.comparable_references}/${row.references}` }),
      'right',
    ),
    ...leaderboardComponents(lookup.document).map((component) =>
      column(COMPONENT_CODES[component], 3, null, (row) => componentCell(row, component, style)),
    ),
  ];
  const separate = [outcome, team, release, ...rest];
  return drawTables(
    fitsOneTable(separate, style.width) ? separate : [outcome, both, ...rest],
    style.width,
    style,
  );
}
