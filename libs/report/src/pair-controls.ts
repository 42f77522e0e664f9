import { COMPONENTS, type Component, type ControlRecord } from '@jokbo/contracts';
import { formatR, formatZ } from './numbers.js';
import { rowColumns } from './row-columns.js';
import type { TerminalStyle } from './terminal-style.js';
import { drawTables } from './text-table.js';
import { wrapParagraph } from './wrap-text.js';

/** The controls of one component, counted. */
interface ControlCount {
  readonly component: Component;
  readonly passed: number;
  readonly due: number;
  readonly notDue: number;
}

function counted(controls: readonly ControlRecord[]): ControlCount[] {
  return COMPONENTS.flatMap((component) => {
    const own = controls.filter((control) => control.component === component);
    if (own.length === 0) return [];
    const passed = own.filter((control) => control.passed === true).length;
    const due = own.filter((control) => control.passed !== null).length;
    return [{ component, passed, due, notDue: own.length - due }];
  });
}

function countText({ passed, due, notDue }: ControlCount, { t }: TerminalStyle): string {
  const text = t('controls_passed', { k: passed, n: due });
  return notDue === 0 ? text : t('controls_not_due', { passed: text, count: notDue });
}

function countTables(controls: readonly ControlRecord[], style: TerminalStyle): string[][] {
  const { t } = style;
  const counts = counted(controls);
  const column = rowColumns<ControlCount>(counts);
  return drawTables(
    [
      column(t('component'), 0, 9, 'left', (row) => ({ text: t(`component_${row.component}`) })),
      column(t('control_passed'), 1, 8, 'left', (row) => ({
        text: countText(row, style),
        ...(row.passed < row.due ? { tone: 'warning' as const } : {}),
      })),
    ],
    style.width,
    style,
  );
}

/** What limits controls that passed, e.g. that scrambles stand in for a model: each note once, with its components. */
function passedNotes(controls: readonly ControlRecord[], style: TerminalStyle): string[] {
  const passed = controls.filter((control) => control.passed === true);
  const notes = new Set(passed.flatMap(({ note }) => (note === null ? [] : [note])));
  return [...notes].flatMap((note) => {
    const limited = new Set(passed.filter((control) => control.note === note).map((item) => item.component));
    const components = COMPONENTS.filter((component) => limited.has(component));
    const names = components.map((component) => style.t(`component_${component}`)).join(', ');
    return wrapParagraph('  - ', `${style.phrase(note)} (${names})`, style.width);
  });
}

function failedTables(failed: readonly ControlRecord[], style: TerminalStyle): string[][] {
  const { t } = style;
  const missing = t('not_measured_short');
  const column = rowColumns<ControlRecord>(failed);
  return drawTables(
    [
      column(t('component'), 0, 9, 'left', (row) => ({ text: t(`component_${row.component}`) })),
      column(t('control_kind'), 0, 13, 'left', (row) => ({ text: t(`control_${row.kind}`) })),
      column(t('control_model'), 1, 12, 'left', (row) => ({
        text:
          row.note === null
            ? style.phrase(row.model)
            : `${style.phrase(row.model)} (${style.phrase(row.note)})`,
      })),
      column(t('method'), 1, 8, 'left', (row) => ({ text: style.phrase(row.method) })),
      column(t('control_must'), 1, 8, 'left', (row) => ({ text: style.phrase(row.must) })),
      column(t('z'), 2, null, 'right', (row) => ({ text: formatZ(row.z) ?? missing })),
      column(t('r'), 2, null, 'right', (row) => ({ text: formatR(row.r) ?? missing })),
      column(t('control_passed'), 2, null, 'left', () => ({ text: t('failed'), tone: 'warning' })),
    ],
    style.width,
    style,
  );
}

/** The controls of one pair: how many passed, one line per component, and each that failed in full. */
export function pairControls(controls: readonly ControlRecord[], style: TerminalStyle): string[][] {
  const { t } = style;
  if (controls.length === 0) return [wrapParagraph('  ', t('control_none'), style.width)];
  const failed = controls.filter(({ passed }) => passed === false);
  return [
    ...countTables(controls, style),
    ...(failed.length === 0 ? [] : failedTables(failed, style)),
    [...passedNotes(controls, style), ...wrapParagraph('  ', t('controls_in_json'), style.width)],
  ];
}
