import type { CaseResult } from '../audit/case-result.js';
import { markdownTable } from './markdown-table.js';
import { heading, shownNumber } from './method-columns.js';

/** What the suite says about false alarms: every made model against the references that it shares nothing with. */
export function unrelatedSection(results: readonly CaseResult[]): string {
  const all = results.flatMap((result, index) =>
    result.unrelated.map((pair) => ({ ...pair, number: index + 1 })),
  );
  const z = all.flatMap((pair) => pair.z);
  const accused = all.filter((pair) => pair.accused.length > 0);
  const methods = [...new Set(z.map(({ method }) => method))];
  const table = markdownTable(
    ['statistic', 'component pairs', 'mean z', 'sd of z', 'largest |z|'],
    methods.map((method) => {
      const own = z.filter((entry) => entry.method === method).map((entry) => entry.z);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const square = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
      return [
        heading(method),
        String(own.length),
        shownNumber(mean, 2),
        shownNumber(Math.sqrt(square), 2),
        shownNumber(Math.max(...own.map(Math.abs)), 1),
      ];
    }),
  );
  const open = all.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'invalid');
  const list = (
    pairs: readonly (typeof all)[number][],
    text: (pair: (typeof all)[number]) => string,
  ): string => (pairs.length === 0 ? 'none' : pairs.map(text).join(', '));
  return [
    `${all.length} pairs of a made model and a reference that it shares nothing with, ${z.length} primary statistics; many repeat nearly the same draw, because models made from one base differ little. z is raw.`,
    table,
    `Accused in any component: ${list(accused, (pair) => `no. ${pair.number} against ${pair.reference} (${pair.accused.join(' and ')})`)}.`,
    `Neither accused nor cleared as a whole: ${list(open, (pair) => `no. ${pair.number} against ${pair.reference} (${pair.verdict})`)}.`,
  ].join('\n\n');
}
