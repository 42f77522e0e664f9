import {
  UsageError,
  type ControlRecord,
  type EvidenceRecord,
  type LayerMap,
  type PairResult,
  type Progress,
  type ResultDocument,
} from '@jokbo/contracts';
import { compareSources, type SourceComparison } from './compare-sources.js';
import type { LocalWorkspace } from './local-workspace.js';
import { parseReproduceCommand } from './reproduce-command.js';

/**
 * Largest difference of a figure that was measured again, relative to the figure or to 1, whichever is larger. Sums run
 * in fixed order and are equal bit for bit on one kind of machine; another may round the last digits otherwise.
 */
export const REPRODUCE_TOLERANCE = 1e-9;

/** One figure that was published, and what it is when measured again. */
export interface ReproducedFigure {
  readonly component: string;
  /** Which figure: `fingerprint of the subject`, or method and name as in the evidence record. */
  readonly name: string;
  /** Evidence record that holds it, or null. */
  readonly record: string | null;
  readonly published: string | number | null;
  readonly measured: string | number | null;
  readonly match: boolean;
}

export interface ReproducePairOptions {
  readonly document: ResultDocument;
  readonly pair: PairResult;
  /** The URI of a place that the pair's command names. */
  readonly resolve: (place: string) => Promise<string>;
  /** Must not know the pair's evidence, or that is what is compared. */
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a published pair again by what `jokbo compare` does, judges it by the published rules and λ, and holds every
 * figure of evidence, maps, controls and components against the published one. Left out is what depends on models that
 * the pair's command does not name: baselines, a known derivative, how tier 3 stands among all control pairs.
 *
 * @throws UsageError where the pair names no command that could be run.
 */
export async function reproducePair(options: ReproducePairOptions): Promise<ReproducedFigure[]> {
  const { document, pair, resolve } = options;
  const command = parseReproduceCommand(pair.reproduce);
  if (command === null) {
    throw new UsageError('the result names no command that measures this pair again', {
      value: pair.reproduce,
    });
  }
  const { workspace, progress, signal } = options;
  const comparison = await compareSources({
    subject: await resolve(command.subject),
    reference: await resolve(command.reference),
    controls: await Promise.all(command.controls.map(resolve)),
    requireTier3: document.rules.require_tier3,
    full: command.full === true || pair.mode === 'full',
    ...(command.features === undefined ? {} : { features: command.features }),
    calibration: document.calibration,
    thresholds: document.rules.thresholds,
    ...{ workspace, progress, signal },
  });
  return [
    ...fingerprintFigures(document, pair, comparison),
    ...recordFigures(pair.evidence, comparison.pair.evidence),
    ...mapFigures(pair.maps, comparison.pair.maps),
    ...controlFigures(pair.verdict.controls, comparison.pair.verdict.controls),
    ...componentFigures(pair, comparison.pair),
  ];
}

function fingerprintFigures(
  { models }: ResultDocument,
  pair: PairResult,
  comparison: SourceComparison,
): ReproducedFigure[] {
  return (['subject', 'reference'] as const).map((role, at) =>
    figure(
      '',
      `fingerprint of the ${role}`,
      null,
      models.find(({ id }) => id === pair[role])?.fingerprint ?? null,
      comparison.models[at]?.fingerprint ?? null,
    ),
  );
}

const FIGURES = ['status', 'z', 'log10_p', 'r', 'n_eff'] as const;

/** Details that say what other models of the audit have, or how a statistic stands among all control pairs of it. */
const OF_OTHER_MODELS = /^(baseline_|control_|above_controls$|z_adjusted$|role$)/;

function recordFigures(
  published: readonly EvidenceRecord[],
  measured: readonly EvidenceRecord[],
): ReproducedFigure[] {
  const nameOf = ({ component, method, mode }: EvidenceRecord): string => `${component} ${method} ${mode}`;
  return paired(published, measured, nameOf).flatMap(([record, other]) => {
    const { component, method, id } = record;
    const own = FIGURES.map((name) =>
      figure(component, `${method} ${name}`, id, record[name], other === undefined ? null : other[name]),
    );
    const details = Object.entries(record.details).flatMap(([name, value]) =>
      OF_OTHER_MODELS.test(name)
        ? []
        : [figure(component, `${method} ${name}`, id, value, other?.details[name] ?? null)],
    );
    return [...own, ...details].filter(({ published: a, measured: b }) => a !== null || b !== null);
  });
}

const CELLS = ['cosine', 'r', 'z'] as const;

function mapFigures(published: readonly LayerMap[], measured: readonly LayerMap[]): ReproducedFigure[] {
  const shape = (of: LayerMap | undefined): string =>
    of === undefined ? 'none' : `${of.rows} × ${of.columns}`;
  const nameOf = ({ component, role }: LayerMap): string => `${component} ${role}`;
  return paired(published, measured, nameOf).flatMap(([map, other]) => {
    const differing = map.z.filter((_, at) =>
      CELLS.some((name) => !isSame(map[name][at] ?? null, other?.[name][at] ?? null)),
    ).length;
    const name = `map ${map.role}`;
    const path = (['summary', 'path_score', 'path_log10_p'] as const).map((key) =>
      figure(
        map.component,
        `${name} ${key}`,
        null,
        map.alignment?.[key] ?? null,
        other?.alignment?.[key] ?? null,
      ),
    );
    return [
      figure(map.component, `${name} layers`, null, shape(map), shape(other)),
      figure(map.component, `${name} diagonal z`, null, map.diagonal_z, other?.diagonal_z ?? null),
      figure(map.component, `${name} cells that differ`, null, 0, differing),
      ...path.filter(({ published: a, measured: b }) => a !== null || b !== null),
    ];
  });
}

function controlFigures(
  published: readonly ControlRecord[],
  measured: readonly ControlRecord[],
): ReproducedFigure[] {
  // Which model served is named otherwise outside of a programme; negative controls keep their order.
  const nameOf = ({ component, kind, method, must }: ControlRecord): string =>
    `${component} ${kind} ${method} ${must}`;
  return paired(published.filter(isOfThesePlaces), measured, nameOf).flatMap(([control, other]) =>
    (['z', 'r'] as const)
      .map((name) =>
        figure(
          control.component,
          `${control.kind} control ${control.method} ${name}`,
          control.id,
          control[name],
          other?.[name] ?? null,
        ),
      )
      .filter(({ published: a, measured: b }) => a !== null || b !== null),
  );
}

/** A known derivative, as a positive control, is a model that the pair's command does not name. */
function isOfThesePlaces({ kind, model }: ControlRecord): boolean {
  return kind !== 'positive' || !model.includes('×');
}

/** Each published item with the measured one of the same name; where several have one name, in their order. */
function paired<T>(
  published: readonly T[],
  measured: readonly T[],
  nameOf: (item: T) => string,
): (readonly [published: T, measured: T | undefined])[] {
  const left = new Map<string, T[]>();
  for (const item of measured) left.set(nameOf(item), [...(left.get(nameOf(item)) ?? []), item]);
  return published.map((item) => [item, left.get(nameOf(item))?.shift()]);
}

function componentFigures(published: PairResult, measured: PairResult): ReproducedFigure[] {
  return published.verdict.components.flatMap((item) => {
    const other = measured.verdict.components.find(({ component }) => component === item.component);
    return (['verdict', 'bytes_identical', 'parameters', 'tensors'] as const).map((name) =>
      figure(item.component, name, null, item[name], other?.[name] ?? null),
    );
  });
}

function figure(
  component: string,
  name: string,
  record: string | null,
  published: string | number | null,
  measured: string | number | null,
): ReproducedFigure {
  return { component, name, record, published, measured, match: isSame(published, measured) };
}

function isSame(a: string | number | null, b: string | number | null): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= REPRODUCE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}
