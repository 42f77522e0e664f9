import type { CaseOutcome, CaseResult, ComponentOutcome } from '../audit/case-result.js';
import type { ReferenceModel } from '../audit/references.js';
import { markdownTable } from './markdown-table.js';
import { heading, methodColumns, shownNumber, strongest } from './method-columns.js';
import { unrelatedSection } from './unrelated-section.js';

const OUTCOMES: readonly CaseOutcome[] = ['right', 'other class', 'missed', 'open', 'false alarm'];
const COMPONENT_OUTCOMES: readonly ComponentOutcome[] = [
  'found',
  'missed',
  'clean',
  'induced',
  'open',
  'false alarm',
  'not comparable',
];

/** The document of the suite: what was found, what was missed and why, and every figure. Same results, same bytes. */
export function powerDocument(results: readonly CaseResult[], references: readonly ReferenceModel[]): string {
  const kinds = new Set(results.map((result) => result.case.kind));
  const sections = [
    '# Power',
    'Made by `npm run power`; not to be edited by hand.',
    `${results.length} models of ${kinds.size} kinds are made from models of the zoo (\`test/zoo\`) and audited like releases, against ${references.length} models of one width: the one that each was made from (its base) and those with which it shares nothing. Calibration and controls are those of any programme; tests against disguise that are not in the rule set are not required. Made matrices are stored as BF16.`,
    '## Summary',
    summary(results),
    '## Models',
    'Verdict of the whole model against its base. z: the largest |z| over components of each method, raw; r: that of the trace with the largest |z|. `right`: one of the expected classes. `other class`: accused, of another class. `missed`: not accused, though weights come from the base.',
    cases(results),
    '## What was not right',
    notRight(results),
    '## Unrelated models',
    unrelatedSection(results),
    '## Components',
    'Every component against the base. Element r: the correlation of elements in their old places, measured without any statistic of the audit; r_min: what the most powerful statistic of the component finds with 99 % power (square root of it for Gram statistics). `induced`: not inherited, but dependent through the part that is. Numbers are those of the models above.',
    components(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

function modelName(path: string): string {
  return path.replace(/^.*\//, '');
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): string {
  return String(items.filter(holds).length);
}

function summary(results: readonly CaseResult[]): string {
  const groups = [
    ['derivatives', results.filter((result) => result.case.inherited.length > 0)],
    ['controls that must stay clean', results.filter((result) => result.case.inherited.length === 0)],
  ] as const;
  const models = markdownTable(
    ['models', 'all', ...OUTCOMES],
    groups.map(([name, group]) => [
      name,
      String(group.length),
      ...OUTCOMES.map((outcome) => count(group, (result) => result.outcome === outcome)),
    ]),
  );
  const all = results.flatMap((result) => result.components);
  const byComponent = markdownTable(
    ['components', 'all', ...COMPONENT_OUTCOMES],
    [true, false].map((inherited) => {
      const group = all.filter((component) => component.inherited === inherited);
      return [
        inherited ? 'inherited from the base' : 'of another origin',
        String(group.length),
        ...COMPONENT_OUTCOMES.map((outcome) => count(group, (component) => component.outcome === outcome)),
      ];
    }),
  );
  return `${models}\n\n${byComponent}`;
}

function cases(results: readonly CaseResult[]): string {
  const methods = methodColumns(results);
  return markdownTable(
    ['no.', 'kind', 'parameters', 'base', 'expected', 'verdict', 'outcome', 'r', ...methods.map(heading)],
    results.map((result, index) => [
      String(index + 1),
      result.case.kind,
      result.case.parameters,
      modelName(result.case.base),
      result.case.inherited.length === 0 ? 'clean' : result.case.expected.join(' or '),
      result.verdict,
      result.outcome,
      shownNumber(strongest(result.components, 'trace')?.r, 2),
      ...methods.map((method) => shownNumber(strongest(result.components, method)?.z, 1)),
    ]),
  );
}

function notRight(results: readonly CaseResult[]): string {
  const rows = results.flatMap((result, index) =>
    result.outcome === 'right'
      ? []
      : [
          [
            String(index + 1),
            `${result.case.kind}, ${result.case.parameters}`,
            result.outcome,
            result.verdict,
            result.why ?? '–',
          ],
        ],
  );
  if (rows.length === 0) return 'Nothing.';
  return markdownTable(['no.', 'model', 'outcome', 'verdict', 'why'], rows);
}

function components(results: readonly CaseResult[]): string {
  const methods = methodColumns(results);
  const rows = results.flatMap((result, index) =>
    result.components.map((component) => [
      String(index + 1),
      component.component,
      component.type === null ? component.verdict : `${component.verdict} (${component.type})`,
      component.outcome,
      shownNumber(component.elementR, 3),
      shownNumber(strongest([component], 'trace')?.r, 3),
      shownNumber(component.rMin, 3),
      ...methods.map((method) => shownNumber(strongest([component], method)?.z, 1)),
      component.why ?? '',
    ]),
  );
  return markdownTable(
    [
      'no.',
      'component',
      'verdict',
      'outcome',
      'element r',
      'trace r',
      'r_min',
      ...methods.map(heading),
      'why it was missed',
    ],
    rows,
  );
}
