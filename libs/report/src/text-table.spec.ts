import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { terminalStyle } from './terminal-style.js';
import { drawTables, fitsOneTable, type TextColumn } from './text-table.js';
import { visibleText } from './visible-text.js';

const style = terminalStyle({ width: 80, colour: false }, 'en');
const column = (head: string, group: number, least: number | null, cells: readonly string[]): TextColumn => ({
  head,
  group,
  least,
  align: 'left',
  cells: cells.map((text) => ({ text })),
});

describe('drawTables', () => {
  it('keeps every line of a table at one display width, within the width asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 6 }),
        (raw) => {
          const names = raw.map((name) => visibleText(name));
          const columns = [
            column('name', 0, 12, names),
            column('other', 1, 10, [...names].reverse()),
            column(
              'n',
              2,
              null,
              names.map((_, index) => String(index)),
            ),
          ];
          for (const table of drawTables(columns, 60, style)) {
            const widths = new Set(table.map((line) => stringWidth(line)));
            expect(widths.size).toBe(1);
            expect(Math.max(...widths)).toBeLessThanOrEqual(60);
          }
        },
      ),
    );
  });

  it('splits by groups and repeats the key column', () => {
    const columns = [
      column('key', 0, null, ['k'.repeat(10)]),
      column('first', 1, null, ['a'.repeat(40)]),
      column('second', 2, null, ['b'.repeat(40)]),
    ];
    expect(fitsOneTable(columns, 60)).toBe(false);
    const tables = drawTables(columns, 60, style);
    expect(tables).toHaveLength(2);
    for (const table of tables) expect(table.join('\n')).toContain('kkkkkkkkkk');
    expect(drawTables(columns, 100, style)).toHaveLength(1);
  });
});
