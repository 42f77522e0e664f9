import { diffResults, formatZ, plainJson, type ResultDiff, visibleText } from '@jokbo/report';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { readResult } from '../read-result.js';
import { countOf } from '../terminal/figures.js';
import { textColumns } from '../terminal/text-columns.js';

/** Shows what moved between two results, and what could have moved it. */
export async function diff(
  context: CommandContext,
  before: string,
  after: string,
  options: OutputOptions,
): Promise<number> {
  await checkOutput(options.output);
  const found = diffResults(
    await readResult(before, context.signal),
    await readResult(after, context.signal),
  );
  const text = options.format === 'json' ? `${plainJson(found)}\n` : diffText(found);
  await writeOutput(context, options.output, text);
  return EXIT.clean;
}

function diffText(found: ResultDiff): string {
  const { changed, inputs, method, rules, outcomes, verdicts, judgements } = found;
  const yes = (value: boolean): string => (value ? 'CHANGED' : 'same');
  const shown = (value: string | number | null): string =>
    value === null ? 'none' : visibleText(String(value));
  const ruleSet = ({ id, version }: ResultDiff['rules']['before']): string =>
    `${visibleText(id)} (${version})`;
  return [
    `before      ${found.before}`,
    `after       ${found.after}${found.supersedes ? ', which supersedes it' : ''}`,
    `data        ${yes(changed.data)}`,
    ...inputs.map(
      ({ model, role, change }) => `  ${role} ${visibleText(model)}: ${change.replaceAll('_', ' ')}`,
    ),
    `method      ${yes(changed.method)}`,
    ...method.map((item) => `  ${item.name}: ${shown(item.before)}, now ${shown(item.after)}`),
    `rules       ${yes(changed.rules)}: ${ruleSet(rules.before)}${changed.rules ? `, now ${ruleSet(rules.after)}` : ''}`,
    `references  ${yes(changed.references)}`,
    `programme   ${yes(changed.programme)}`,
    '',
    movesText(found),
    ...outcomes.map(
      (item) => `  ${visibleText(item.subject)}: ${shown(item.before)}, now ${shown(item.after)}`,
    ),
    ...judgements.map(
      (item) =>
        `  ${visibleText(item.subject)}, ${item.kind} ${visibleText(item.name)}: ${shown(item.before)}, now ${shown(item.after)}`,
    ),
    ...(verdicts.length === 0 ? [] : ['', ...verdictTable(found)]),
    '',
  ].join('\n');
}

/** Rows that one of the results alone has did not move: they came or went. */
function movesText({ outcomes, verdicts, unmoved, figures_moved: figures }: ResultDiff): string {
  const came = verdicts.filter(({ before }) => before === null).length;
  const went = verdicts.filter(({ after }) => after === null).length;
  return [
    `${countOf(outcomes.length, 'outcome')} and ${countOf(verdicts.length - came - went, 'verdict')} moved`,
    `${countOf(unmoved, 'verdict')} did not${figures === 0 ? '' : ` (${figures} with other figures)`}`,
    ...(came === 0 ? [] : [`${came} came`]),
    ...(went === 0 ? [] : [`${went} went`]),
  ].join(', ');
}

function verdictTable({ verdicts }: ResultDiff): string[] {
  return textColumns(
    ['before', 'after', 'z before', 'z after', 'component', 'subject / reference'],
    verdicts.map((move) => [
      move.before ?? 'none',
      move.after ?? 'none',
      formatZ(move.z_before) ?? 'n.m.',
      formatZ(move.z_after) ?? 'n.m.',
      move.component,
      `${visibleText(move.subject)} / ${visibleText(move.reference)}`,
    ]),
  );
}
