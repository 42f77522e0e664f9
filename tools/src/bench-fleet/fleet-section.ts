import { markdownTable } from '../power/report/markdown-table.js';
import type { FleetFigures } from './measure-fleet.js';

const HEADING = '## Fleet';

/** The section of docs/benchmarks.md on what a fleet costs beside its work. */
export function fleetSection(machine: string, all: readonly FleetFigures[]): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  return `${HEADING}

\`npm run bench:fleet\` runs audits whose comparisons only wait, on a Temporal server of its own over SQLite: one process runs workflows, pollers in processes of ten take up activities. The comparisons are those of as many releases as references; start is the time until the first batch of them begins (plan, a look at each model and its fingerprint, all made up), end that after the last. The overhead is of the time between: what is beyond the work, on all slots, per activity; the part of it that activities were held is from the moment that a worker took each until the server knew its end, the rest is slots that were empty.

${machine}

${markdownTable(
  [
    'comparisons',
    'work, s',
    'pollers × slots',
    'time, s',
    'start, end, s',
    'per s',
    'overhead, ms',
    'of work',
    'of it held',
    'runs, children',
    'longest history',
    'largest, MB',
    'most pending',
  ],
  all.map((figures) => {
    const { comparisons, workMs, pollers, slots, startSeconds, endSeconds } = figures;
    const { seconds, comparingSeconds: comparing } = figures;
    const held = heldOf(figures);
    const ideal = (Math.ceil(comparisons / (pollers * slots)) * workMs) / 1000;
    return [
      number(comparisons),
      String(workMs / 1000),
      `${pollers} × ${slots}`,
      seconds.toFixed(0),
      `${startSeconds.toFixed(1)}, ${endSeconds.toFixed(1)}`,
      (comparisons / comparing).toFixed(0),
      (((comparing - ideal) * 1000) / comparisons).toFixed(1),
      ideal === 0 ? '' : percent(comparing / ideal - 1),
      held === null ? '' : percent(held),
      `${figures.runs}, ${figures.children}`,
      number(figures.longestHistory),
      (figures.largestHistory / 1e6).toFixed(2),
      number(figures.mostPending),
    ];
  }),
)}
`;
}

/** Share of their work that comparisons were held beyond it; null where they do nothing. */
function heldOf({ heldSeconds, comparisons, workMs }: FleetFigures): number | null {
  return heldSeconds === null ? null : (heldSeconds * 1000) / (comparisons * workMs) - 1;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** The page with the section of the same heading replaced, or with one at its end. */
export function withSection(page: string, section: string): string {
  const heading = section.slice(0, section.indexOf('\n') + 1);
  const start = page.indexOf(heading);
  if (start === -1) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf('\n## ', start);
  return page.slice(0, start) + section + (next === -1 ? '' : page.slice(next));
}
