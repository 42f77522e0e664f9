import { compareSources, readRules } from '@jokbo/activities';
import { plainJson, renderPair } from '@jokbo/report';
import { terminalOptions, withWorkspace, type CommandContext } from '../command-context.js';
import { judgePairs } from '../judge-pairs.js';
import type { FindingOptions, OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { compareDocument } from './compare-document.js';

export interface CompareOptions extends OutputOptions, FindingOptions {
  readonly control?: readonly string[];
  readonly full?: boolean;
  readonly features?: number;
  readonly sample?: number;
  readonly rules?: string;
}

/** Compares two sources and shows the pair. */
export async function compare(
  context: CommandContext,
  subject: string,
  reference: string,
  options: CompareOptions,
): Promise<number> {
  const { output, control = [], full = false, features = options.sample } = options;
  await checkOutput(output);
  const rules = options.rules === undefined ? null : await readRules(options.rules);
  const comparison = await withWorkspace(context, (workspace, progress) =>
    compareSources({
      subject,
      reference,
      controls: control,
      full,
      ...(features === undefined ? {} : { features }),
      ...(rules === null || options.rules === undefined
        ? {}
        : { rules: options.rules, thresholds: rules.thresholds, requireTier3: rules.require_tier3 }),
      workspace,
      progress,
      signal: context.signal,
    }),
  );
  const { pair, models } = comparison;
  const text =
    options.format === 'json'
      ? `${plainJson(compareDocument(comparison))}\n`
      : renderPair(pair, {
          ...terminalOptions(context, output, context.options.language ?? 'en'),
          models,
        });
  await writeOutput(context, output, text);
  return judgePairs(context, [{ id: pair.subject, name: pair.subject }], [pair.verdict], {
    failOn: options.failOn,
    declared: options.failOnDeclared,
  });
}
