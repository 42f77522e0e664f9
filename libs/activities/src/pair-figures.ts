import type {
  ComponentVerdict,
  ControlRecord,
  EvidenceRecord,
  LayerMap,
  ModelSummary,
  PairResult,
  PairVerdict,
  RecoveredAlignment,
  ResultDocument,
  VerdictReason,
} from '@jokbo/contracts';
import { modelFigures } from './model-figures.js';
import { recordFigures } from './record-figures.js';
import {
  figureOf,
  objectFigures,
  paired,
  type FigurePlace,
  type ReproducedFigure,
} from './reproduced-figure.js';

/** A pair as it was measured again, with both of its models. */
export interface MeasuredAgain {
  readonly pair: PairResult;
  readonly models: readonly ModelSummary[];
}

const ROLES = ['subject', 'reference'] as const;

const PAIR: FigurePlace = { component: '', record: null, of: '' };

/**
 * Holds every figure of a published pair against what was measured again, also what was measured and is not published.
 * Left out is what depends on models that the pair's command does not name: baselines, a known derivative, how tier 3
 * stands among all control pairs, and what the team declared. An adjusted p has to lie where Holm's procedure can put it.
 */
export function pairFigures(
  { models, pairs }: Pick<ResultDocument, 'models' | 'pairs'>,
  published: PairResult,
  measured: MeasuredAgain,
): ReproducedFigure[] {
  const tests = pairs.reduce((sum, { evidence }) => sum + evidence.filter(isPrimary).length, 0);
  return [
    ...ROLES.flatMap((role, at) => {
      const model = models.find((one) => one.id === published[role] && one.role === role);
      return modelFigures(role, model, measured.models[at]);
    }),
    ...recordFigures(published.evidence, measured.pair.evidence),
    ...mapFigures(published.maps, measured.pair.maps),
    ...alignmentFigures(published.alignments ?? [], measured.pair.evidence),
    ...controlFigures(published.verdict.controls, measured.pair.verdict.controls),
    ...componentFigures(published.verdict.components, measured.pair.verdict.components, tests),
    figureOf(PAIR, 'mode', published.mode, measured.pair.mode),
    ...verdictFigures(published.verdict, measured.pair.verdict),
  ];
}

function mapFigures(published: readonly LayerMap[], measured: readonly LayerMap[]): ReproducedFigure[] {
  return paired(published, measured, ({ component, role }) => `${component} ${role}`).flatMap(
    ([map, other]) => {
      const { component, role } = map ?? other;
      const place = { component, record: null, of: `map ${role}` };
      return [
        ...objectFigures(place, map, other, (key) => key === 'alignment'),
        ...objectFigures(place, map?.alignment ?? undefined, other?.alignment ?? undefined),
      ];
    },
  );
}

/** An alignment is published where it stands above the controls of the audit: it has to be among those tried. */
function alignmentFigures(
  published: readonly RecoveredAlignment[],
  measured: readonly EvidenceRecord[],
): ReproducedFigure[] {
  const tried = new Set(measured.map(({ details }) => details['alignment_digest']));
  return published.map(({ name, digest }) =>
    figureOf({ ...PAIR, of: 'alignment' }, name, digest, tried.has(digest) ? digest : null),
  );
}

/** Names of models, which are others outside of a programme. */
const NAMES_OF_CONTROLS = new Set(['id', 'model']);

function controlFigures(
  published: readonly ControlRecord[],
  measured: readonly ControlRecord[],
): ReproducedFigure[] {
  // Which model served is named otherwise outside of a programme; negative controls keep their order.
  const nameOf = ({ component, kind, method, must }: ControlRecord): string =>
    `${component} ${kind} ${method} ${must}`;
  return paired(published, measured, nameOf).flatMap(([control, other]) => {
    if (control !== undefined && isKnownDerivative(control)) return [];
    const { component, kind, method } = control ?? other;
    const place = { component, record: control?.id ?? null, of: `${kind} control ${method}` };
    return objectFigures(place, control, other, (key) => NAMES_OF_CONTROLS.has(key));
  });
}

/** A known derivative, as a positive control, is a model that the pair's command does not name. */
function isKnownDerivative({ kind, model }: ControlRecord): boolean {
  return kind === 'positive' && model.includes('×');
}

function componentFigures(
  published: readonly ComponentVerdict[],
  measured: readonly ComponentVerdict[],
  tests: number,
): ReproducedFigure[] {
  return paired(published, measured, ({ component }) => component).flatMap(([item, other]) => {
    const place = { component: (item ?? other).component, record: null, of: '' };
    const adjusted = item?.log10_p_adjusted ?? null;
    return [
      ...objectFigures(place, item, other, (key) => key === 'reasons' || key === 'log10_p_adjusted'),
      ...(adjusted === null
        ? []
        : [figureOf(place, 'log10_p_adjusted', adjusted, nearestAdjusted(adjusted, other, tests))]),
      ...reasonFigures(place, item?.reasons ?? [], other?.reasons ?? []),
    ];
  });
}

function isPrimary({ primary, z }: EvidenceRecord): boolean {
  return primary && z !== null;
}

/** What Holm (1979) makes of a p among so many tests lies between p and p times their number. */
function nearestAdjusted(
  published: number,
  measured: ComponentVerdict | undefined,
  tests: number,
): number | null {
  const p = measured?.log10_p ?? null;
  return p === null ? null : Math.max(p, Math.min(published, p + Math.log10(Math.max(1, tests)), 0));
}

function verdictFigures(published: PairVerdict, measured: PairVerdict): ReproducedFigure[] {
  const ofPair = ({ verdict, comparable_share, linked_share }: PairVerdict) => ({
    verdict,
    comparable_share,
    linked_share,
  });
  return [
    ...objectFigures({ ...PAIR, of: 'pair' }, ofPair(published), ofPair(measured)),
    ...reasonFigures({ ...PAIR, of: 'pair' }, published.reasons, measured.reasons),
  ];
}

/** Figures of sentences on tier 3, which tell of the controls of the whole audit. */
const OF_ALL_CONTROLS = ['controls', 'methods'];

function reasonFigures(
  { component, record, of }: FigurePlace,
  published: readonly VerdictReason[],
  measured: readonly VerdictReason[],
): ReproducedFigure[] {
  return paired(published, measured, ({ code }) => code).flatMap(([reason, other]) => {
    const { code, figures = {} } = reason ?? other;
    const place = { component, record, of: `${of} reason ${code}`.trim() };
    const ofAllControls = OF_ALL_CONTROLS.some((name) => Object.hasOwn(figures, name));
    return ofAllControls && reason !== undefined && other !== undefined
      ? [figureOf(place, 'message', reason.message ?? null, other.message ?? null)]
      : objectFigures(place, reason, other, (key) => reason?.message === undefined && key !== 'code');
  });
}
