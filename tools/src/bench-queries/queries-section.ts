import { markdownTable } from '../power/report/markdown-table.js';
import type { QueryTime } from './measure-queries.js';
import type { SeededRows } from './seed-database.js';

const HEADING = '## Queries';

/** The section of docs/benchmarks.md on queries. */
export function queriesSection(machine: string, seeded: SeededRows, times: readonly QueryTime[]): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const late = times.filter(({ p95Ms, limitMs }) => p95Ms >= limitMs).map(({ name }) => name);
  return `${HEADING}

\`npm run bench:queries\` fills a database of its own with ${number(seeded.audits)} made-up audits of 9 releases against 30 references: ${number(seeded.cells)} map cells, ${number(seeded.evidence)} evidence records, ${number(seeded.tensors)} tensors, ${(seeded.bytes / 1e9).toFixed(1)} GB. Each query runs 20 times as \`analyst_ro\`, in a session of its own, log-in included.

${machine}

${markdownTable(
  ['query', 'rows', 'median, ms', 'p95, ms', 'limit, ms'],
  times.map(({ name, rows, medianMs, p95Ms, limitMs }) => [
    name,
    number(rows),
    medianMs.toFixed(0),
    p95Ms.toFixed(0),
    String(limitMs),
  ]),
)}

${late.length === 0 ? 'All within their limits.' : `Over their limits: ${late.join('; ')}.`}
`;
}

/** The page with the section under a heading replaced, or with one at its end. */
export function withSection(page: string, heading: string, section: string): string {
  const start = page.indexOf(`${heading}\n`);
  if (start === -1) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf('\n## ', start);
  return page.slice(0, start) + section + (next === -1 ? '' : page.slice(next));
}

/** The page with its section on queries replaced, or with one at its end. */
export function withQueriesSection(page: string, section: string): string {
  return withSection(page, HEADING, section);
}
