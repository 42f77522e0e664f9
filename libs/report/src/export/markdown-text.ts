import { LONGEST_NAME, visibleText } from '../visible-text.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Untrusted text as plain text in Markdown: no markup, no table cell, no HTML, no link, no line of its own. Control and
 * format characters stand as visible escapes.
 */
export function markdownText(text: string, longest: number = LONGEST_NAME): string {
  return visibleText(text, longest)
    .replace(/[\\`*_{}[\]()#!|~@^$]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}\\.`)
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** A table of cells that are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
