import { markdownTable } from '../power/report/markdown-table.js';
import type { Opening } from './measure-opening.js';

export const REPORT_HEADING = '## Report';

/** What the report of a fleet weighs and how long it takes. */
export interface ReportFigures {
  readonly pairs: number;
  readonly records: number;
  readonly cells: number;
  readonly jsonBytes: number;
  readonly htmlBytes: number;
  readonly renderMs: number;
  readonly openings: readonly Opening[];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The section of docs/benchmarks.md on the report. */
export function reportSection(machine: string, figures: ReportFigures): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const seconds = (values: readonly (number | null)[]): readonly string[] => {
    const measured = values.filter((value) => value !== null);
    return [median(measured), Math.max(...measured)].map((value) => (value / 1000).toFixed(2));
  };
  const { openings } = figures;
  return `${REPORT_HEADING}

\`npm run bench:report\` writes the report of a made-up result of the size of a programme (the zoo's pairs under new names, maps of 48 to 80 layers) and opens it from disk ${openings.length} times in Chromium, each time in a new window: ${number(figures.pairs)} pairs, ${number(figures.records)} evidence records, ${number(figures.cells)} map cells; ${(figures.jsonBytes / 1e6).toFixed(0)} MB of JSON become ${(figures.htmlBytes / 1e6).toFixed(2)} MB of HTML (limit 5 MB) in ${(figures.renderMs / 1000).toFixed(1)} s.

${machine}

${markdownTable(
  ['from the address, or the click, until', 'median, s', 'longest, s', 'limit, s'],
  [
    ['the leaderboard is there and the script has run', ...seconds(openings.map((one) => one.loadedMs)), '2'],
    ['the first unfolded pair has its statistics', ...seconds(openings.map((one) => one.pairMs)), '2'],
    ['a folded pair has its statistics', ...seconds(openings.map((one) => one.unfoldMs)), ''],
    ['all of its maps are drawn', ...seconds(openings.map((one) => one.mapsMs)), ''],
  ],
)}
`;
}
