import { availableParallelism } from 'node:os';
import { openParts, planAudit, type DryRun } from '@jokbo/activities';
import { formatBytes, formatExact, LONGEST_PROSE, plainJson, visibleText } from '@jokbo/report';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { countOf, durationText } from '../terminal/figures.js';
import { textColumns } from '../terminal/text-columns.js';

/** Shows what an audit would read and compare. */
export async function plan(
  context: CommandContext,
  programme: string,
  options: OutputOptions,
): Promise<number> {
  await checkOutput(options.output);
  const parts = openParts(context.options.work, () => undefined);
  let dryRun: DryRun;
  try {
    dryRun = await planAudit(programme, parts, context.signal);
  } finally {
    await parts.close();
  }
  const text = options.format === 'json' ? `${plainJson(planDocument(dryRun))}\n` : planTable(dryRun);
  await writeOutput(context, options.output, text);
  return EXIT.clean;
}

/** What a dry run adds up to. */
function planTotals({ models, comparisons }: DryRun) {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const pairs = comparisons.filter(({ kind }) => kind === 'audit');
  const calibration = comparisons.filter(({ kind }) => kind === 'calibration').length;
  const disguises = comparisons.filter(({ kind }) => kind === 'disguise').length;
  return {
    models: models.length,
    shards: sum(models.map(({ shards }) => shards)),
    shard_groups: sum(models.map(({ groups }) => groups)),
    tensors: sum(models.map(({ tensors }) => tensors)),
    parameters: sum(models.map(({ parameters }) => parameters)),
    excluded_parameters: sum(models.map(({ excludedParameters }) => excludedParameters)),
    bytes: sum(models.map(({ bytes }) => bytes)),
    cached_bytes: sum(models.map(({ cachedBytes }) => cachedBytes)),
    pairs: pairs.length,
    full_pairs: pairs.filter(({ mode }) => mode === 'full').length,
    controls: comparisons.length - pairs.length - calibration - disguises,
    calibration_pairs: calibration,
    disguise_pairs: disguises,
  };
}

/** A dry run as JSON: the resolved programme, every model and comparison, the totals. */
function planDocument(dryRun: DryRun) {
  return {
    schema_version: 1,
    programme: dryRun.programme,
    models: dryRun.models.map((model) => ({
      id: model.id,
      uri: model.uri,
      shards: model.shards,
      shard_groups: model.groups,
      tensors: model.tensors,
      parameters: model.parameters,
      excluded_parameters: model.excludedParameters,
      bytes: model.bytes,
      cached_bytes: model.cachedBytes,
      findings: model.findings,
    })),
    comparisons: dryRun.comparisons,
    totals: planTotals(dryRun),
    estimate: {
      read_core_seconds: dryRun.estimate.readSeconds,
      compare_core_seconds: dryRun.estimate.compareSeconds,
    },
  };
}

function planTable(dryRun: DryRun): string {
  const { models, programme } = dryRun;
  const totals = planTotals(dryRun);
  const row = (
    work: Pick<
      DryRun['models'][number],
      'shards' | 'groups' | 'tensors' | 'parameters' | 'excludedParameters'
    >,
    bytes: number,
    cached: number,
    name: string,
  ): string[] => [
    formatExact(work.shards),
    formatExact(work.groups),
    formatExact(work.tensors),
    formatExact(work.parameters),
    formatExact(work.excludedParameters),
    formatBytes(bytes),
    formatBytes(cached),
    name,
  ];
  const table = textColumns(
    ['shards', 'groups', 'tensors', 'parameters', 'not mapped', 'bytes', 'cached', 'model'],
    [
      ...models.map((model) => row(model, model.bytes, model.cachedBytes, visibleText(model.id))),
      row(
        { ...totals, groups: totals.shard_groups, excludedParameters: totals.excluded_parameters },
        totals.bytes,
        totals.cached_bytes,
        `total: ${countOf(models.length, 'model')}`,
      ),
    ],
  );
  const findings = models.flatMap(({ id, findings: texts }) =>
    texts.map((text) => `  ${visibleText(id)}: ${visibleText(text, LONGEST_PROSE)}`),
  );
  return [
    `Plan of ${visibleText(programme.name)}; rules ${visibleText(programme.rules.id)}`,
    '',
    ...table,
    '',
    `${countOf(totals.pairs, 'pair')} to compare (${formatExact(totals.full_pairs)} over all elements), ` +
      `${countOf(totals.controls, 'control')}, ${countOf(totals.calibration_pairs, 'calibration pair')}`,
    `${formatBytes(totals.bytes - totals.cached_bytes)} to read; ${formatBytes(totals.cached_bytes)} known already`,
    timeText(dryRun),
    ...(findings.length === 0 ? [] : ['', 'Findings', ...findings]),
    '',
  ].join('\n');
}

/** What the audit takes of one processor, and of all of this machine. */
function timeText({ estimate: { readSeconds, compareSeconds } }: DryRun): string {
  const cores = availableParallelism();
  const [reading, comparing] = [readSeconds, compareSeconds].map(durationText);
  const here = durationText((readSeconds + compareSeconds) / cores);
  return (
    `about ${here} on the ${countOf(cores, 'core')} of this machine (of one core: ${reading} to read, ` +
    `${comparing} to compare), unless storage is slower`
  );
}
