import { COMPONENTS, METHODS } from '@jokbo/contracts';
import { markdownTable } from '../power/report/markdown-table.js';
import type { NullDraw } from './measure-nulls.js';
import { summariseNulls } from './summarise-nulls.js';

const HEAD = ['', 'draws', 'mean', 'sd', 'λ', 'largest |z|', '|z| ≥ 4', '|z| ≥ 6'];

/** The document of `npm run false-positives`. */
export function falsePositivesDocument(draws: readonly NullDraw[], pairs: number, plot: string): string {
  const zoo = draws.filter(({ source }) => source === 'zoo');
  const scrambles = draws.filter(({ source }) => source === 'scramble');
  const components = new Set(
    zoo.map(({ subject, reference, component }) => [subject, reference, component].join('|')),
  ).size;
  return `${[
    '# False positives',
    'Made by `npm run false-positives`; not to be edited by hand.',
    `Every two models of the zoo that share nothing (${pairs} pairs, ${components} pairs of components, ${zoo.length} primaries), and ${scrambles.length} seeded self-scrambles of them: raw z of the registered primaries, before any calibration, under the identity map like the pairs that calibrate an audit (of models of unequal depth an audit takes the best of several maps, with their number in its p). Under the null z has mean 0 and standard deviation 1; a primary rejects at |z_λ| ≥ 8, and is called clean below 4.`,
    'Models derived from one another count as often as they occur, so that draws of the zoo are fewer than they look; scrambles are independent of each other. `λ` is median(z²)/.4549.',
    table([
      ['all', draws],
      ['models of the zoo', zoo],
      ['self-scrambles', scrambles],
    ]),
    `![Quantiles of z against a standard normal](${plot})`,
    '## By statistic',
    table(
      METHODS.flatMap((method): [string, readonly NullDraw[]][] => {
        const own = zoo.filter((draw) => draw.method === method);
        return own.length === 0 ? [] : [[method.replaceAll('_', ' '), own]];
      }),
    ),
    '## By component',
    table(
      COMPONENTS.flatMap((component): [string, readonly NullDraw[]][] => {
        const own = zoo.filter((draw) => draw.component === component);
        return own.length === 0 ? [] : [[component, own]];
      }),
    ),
    '## Largest',
    markdownTable(
      ['subject', 'reference', 'component', 'statistic', 'z'],
      [...zoo]
        .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
        .slice(0, 10)
        .map(({ subject, reference, component, method, z }) => [
          subject,
          reference,
          component,
          method.replaceAll('_', ' '),
          z.toFixed(2),
        ]),
    ),
  ].join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, readonly NullDraw[]])[]): string {
  return markdownTable(
    HEAD,
    rows.map(([name, draws]) => {
      const { draws: count, mean, sd, lambda, largest, beyond4, beyond6 } = summariseNulls(draws);
      const figures = [mean, sd, lambda, largest].map((value) => value.toFixed(2));
      return [name, String(count), ...figures, String(beyond4), String(beyond6)];
    }),
  );
}
