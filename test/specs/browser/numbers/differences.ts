import type { Page } from 'playwright-core';
import { shows } from './shows.js';

/** What a page shows otherwise than the document has it. */
export class Differences {
  readonly found: string[] = [];
  count = 0;

  /** A figure; null is to be shown as not measured. */
  check(where: string, text: string | undefined, value: number | null | undefined, bytes = false): void {
    this.count += 1;
    if (value === undefined || !shows(text ?? '', value, bytes))
      this.found.push(`${where}: ${text ?? 'nothing'} for ${value ?? String(value)}`);
  }

  interval(where: string, text: string | undefined, value: readonly [number, number] | null): void {
    const [low, high] = value === null ? [text, text] : (text ?? '').replace(/[[\]]/g, '').split(', ');
    this.check(`${where} low`, low, value?.[0] ?? null);
    this.check(`${where} high`, high, value?.[1] ?? null);
  }

  /** A text that is to be shown as it is, but for its blanks. */
  same(where: string, text: string | undefined, wanted: string): void {
    this.count += 1;
    const plain = (blank: string): string => blank.replace(/\s+/g, ' ').trim();
    if (text === undefined || plain(text) !== plain(wanted))
      this.found.push(`${where}: ${text ?? 'nothing'} for ${wanted}`);
  }

  /** Figures written as `name value; name value;`. */
  named(
    where: string,
    text: string | undefined,
    details: Readonly<Record<string, number | string | null>>,
  ): void {
    const parts = (text ?? '')
      .replace(/\s+/g, ' ')
      .split('; ')
      .map((part) => part.replace(/;$/, '').trim());
    const names = Object.keys(details).toSorted((a, b) => b.length - a.length);
    const shown = new Map<string, string>();
    for (const part of parts) {
      const name = names.find((one) => part.startsWith(`${one} `));
      if (name !== undefined && !shown.has(name)) shown.set(name, part.slice(name.length + 1));
    }
    for (const [name, value] of Object.entries(details)) {
      if (typeof value === 'string') continue;
      const text = shown.get(name);
      this.check(`${where} ${name}`, text === '–' ? 'not measured' : text, value);
    }
  }
}

/** Texts of the cells of rows by their ids, or by their order; a cell over several columns is repeated. */
export async function rowsOf(page: Page, selector: string): Promise<Map<string, string[]>> {
  // What is folded has no inner text; of what is written in both languages only the shown one counts.
  const text = `(cell) => cell.closest('details:not([open])') === null ? cell.innerText : cell.textContent`;
  const cells = `Array.from(row.cells).flatMap((cell) => Array(cell.colSpan).fill((${text})(cell).trim()))`;
  const rows = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}))`;
  return new Map(
    await page.evaluate<[string, string[]][]>(
      `${rows}.map((row, index) => [row.id === '' ? String(index) : row.id, ${cells}])`,
    ),
  );
}

/** What is to be read of elements, one after another. */
export async function textsOf(page: Page, selector: string): Promise<string[]> {
  const nodes = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}))`;
  return page.evaluate<string[]>(`${nodes}.map((node) => (node.innerText || node.textContent).trim())`);
}
