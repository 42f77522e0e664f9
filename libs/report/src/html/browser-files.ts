import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../browser/', import.meta.url);

/** Parts of the script, in the order in which they are joined. */
const SCRIPT = ['data.js', 'tables.js', 'maps.js', 'nulls.js', 'report.js'];

const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');

/** The style sheet of the report and of the site. */
export function reportStyle(): string {
  return read('report.css');
}

/** The script of the report and of the site: one block, so that nothing of it becomes a global. */
export function reportScript(): string {
  return `'use strict';\n{\n${SCRIPT.map(read).join('\n')}}\n`;
}
