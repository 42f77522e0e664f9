import { markdownTable } from '../power/report/markdown-table.js';
import type { FleetFigures } from './measure-fleet.js';

const HEADING = '## Fleet';

/** The section of docs/benchmarks.md on what a fleet costs beside its work. */
export function fleetSection(machine: string, all: readonly FleetFigures[]): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  return `${HEADING}

\`npm run bench:fleet\` runs audits whose comparisons only wait, on a Temporal server of its own over SQLite: one process runs workflows, pollers in processes of ten take up activities. What an activity costs is the time beyond its work, on all slots, per activity.

${machine}

${markdownTable(
  [
    'comparisons',
    'work, s',
    'pollers × slots',
    'time, s',
    'per s',
    'overhead, ms',
    'of work',
    'runs, windows',
    'longest history',
    'most pending',
  ],
  all.map((figures) => {
    const { comparisons, workMs, pollers, slots, seconds, runs, windows, longestHistory, mostPending } =
      figures;
    const ideal = (Math.ceil(comparisons / (pollers * slots)) * workMs) / 1000;
    return [
      number(comparisons),
      String(workMs / 1000),
      `${pollers} × ${slots}`,
      seconds.toFixed(0),
      (comparisons / seconds).toFixed(0),
      (((seconds - ideal) * 1000) / comparisons).toFixed(1),
      ideal === 0 ? '' : `${((seconds / ideal - 1) * 100).toFixed(1)} %`,
      `${runs}, ${windows}`,
      number(longestHistory),
      number(mostPending),
    ];
  }),
)}
`;
}

/** The page with its section on the fleet replaced, or with one at its end. */
export function withFleetSection(page: string, section: string): string {
  const start = page.indexOf(`${HEADING}\n`);
  if (start === -1) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf('\n## ', start);
  return page.slice(0, start) + section + (next === -1 ? '' : page.slice(next));
}
