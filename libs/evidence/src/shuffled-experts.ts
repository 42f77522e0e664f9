import type { EvidenceRecord } from '@jokbo/contracts';
import {
  log10PTwoSided,
  matchedMean,
  matchedMeanNull,
  matchedMeanTail,
  smallestDetectableR,
  type Factor,
  type SelectionTail,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { spread } from './disguise/spread.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import { expertMapName, type ExpertCells } from './expert-maps.js';
import { hiddenPairs, type HiddenGroup } from './hidden-pairs.js';
import { testHiddenGroups } from './hidden-trace.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { tensorKey, type TensorPair } from './paired-tensors.js';
import { routerRows, routersOf } from './routers.js';
import { traceOfPairs } from './trace-of-pairs.js';

/** Residual dimensions on which routers are matched. */
const MATCH_DIMENSIONS = 1024;

/** Permutations on which the whole matching is repeated. */
const PERMUTATIONS = 999;

/** Better matchings on permuted dimensions after which routers are known to be no nearer than chance. */
const STOP_AFTER = 5;

/** Multiplications of one permutation, experts² × dimensions over the layers: about 20 ms. */
const PERMUTATION_PRODUCTS = 3e7;

/** Residual dimensions of the permuted matchings, where whole routers cost too much. */
const PERMUTED_DIMENSIONS = 512;

/** Expert of the reference for each expert of the subject; null where there is none left. */
export type ExpertMap = ReadonlyMap<number, number>;

/** Experts of one layer matched by its router. */
export interface MatchedRouter {
  readonly layer: number;
  readonly referenceLayer: number;
  readonly a: Factor;
  readonly b: Factor;
  readonly experts: ExpertMap;
  readonly mean: number;
}

/**
 * Which expert is which, from routers alone: assignment of largest Σ cosine of router rows over the residual dimensions,
 * the direction that all rows of a side share taken away first. Where one side has more experts, its rest stays alone.
 */
export async function matchRouters(comparison: Comparison, map: ContiguousMap): Promise<MatchedRouter[]> {
  const { subject, reference } = comparison;
  const matched: MatchedRouter[] = [];
  for (const router of routersOf(subject)) {
    comparison.signal?.throwIfAborted();
    const layer = router.layer === null ? null : map.referenceLayer(router.layer);
    const partner = layer === null ? undefined : reference.tensors.get(tensorKey({ ...router, layer }));
    if (router.layer === null || layer === null || partner === undefined) continue;
    const a = await routerRows(subject, router, MATCH_DIMENSIONS);
    const b = await routerRows(reference, partner, MATCH_DIMENSIONS);
    if (a === null || b?.units !== a.units) continue;
    const found = matchEither(a, b);
    if (found === null) continue;
    matched.push({ layer: router.layer, referenceLayer: layer, a, b, ...found });
  }
  return matched;
}

function matchEither(a: Factor, b: Factor): { experts: ExpertMap; mean: number } | null {
  const swapped = a.features > b.features;
  const found = swapped ? matchedMean(b, a) : matchedMean(a, b);
  if (found === null) return null;
  const entries = [...found.columnOfRow].map((column, row): [number, number] =>
    swapped ? [column, row] : [row, column],
  );
  return { experts: new Map(entries.sort(([x], [y]) => x - y)), mean: found.mean };
}

/**
 * Tail of the mean matched cosine over the layers when the reference's residual dimensions are permuted, jointly in all
 * layers, and every assignment is made again: a matched mean is positive for any two models, about c(E)/√d. Exact.
 */
async function matchedTail(routers: readonly MatchedRouter[], seed: string): Promise<SelectionTail | null> {
  const [first] = routers;
  if (first === undefined) return null;
  const perLayer = first.a.features * first.b.features * PERMUTED_DIMENSIONS;
  const layers = spread(routers, Math.max(1, Math.floor(PERMUTATION_PRODUCTS / perLayer)))
    .filter(({ a }) => a.units === first.a.units)
    .map(({ a, b }) => ({ a: firstUnits(a), b: firstUnits(b) }));
  return matchedMeanTail(layers, { seed, permutations: PERMUTATIONS, stopAfter: STOP_AFTER });
}

/** The first residual dimensions of a seeded choice: seeded too. */
function firstUnits({ values, features, units }: Factor): Factor {
  const kept = Math.min(PERMUTED_DIMENSIONS, units);
  if (kept === units) return { values, features, units };
  const first = new Float64Array(features * kept);
  for (let row = 0; row < features; row += 1) {
    first.set(values.subarray(row * units, row * units + kept), row * kept);
  }
  return { values: first, features, units: kept };
}

/**
 * Shuffled experts (tier 2): experts are matched by their routers alone, and *other* tensors are tested under that map.
 * z is the hidden-axis trace of gate, up and down of the matched experts: permuting an expert's hidden units touches no
 * router, so it is exact given the map (Hoeffding 1951). Beside it the residual-axis trace of the same tensors, whose
 * null is not exact, since routers and experts of a model share directions, and the mean matched cosine with the tail of
 * the whole procedure on permuted dimensions. Blind to hidden units in another order: `expertCells` is not.
 */
export async function shuffledExpertsEvidence(
  comparison: Comparison,
  map: ContiguousMap,
  cells: readonly ExpertCells[] = [],
): Promise<EvidenceRecord> {
  const identity: RecordIdentity = {
    ...comparison,
    method: 'shuffled_experts',
    tier: 2,
    primary: false,
    nullHypothesis: 'hidden units of every expert, experts matched by routers',
  };
  const routers = await matchRouters(comparison, map);
  const tail = await matchedTail(routers, permutationSeed('matched mean', identity));
  if (tail === null) return notMeasured(identity, comparison, 'no-matched-routers');
  const groups = matchedGroups(comparison, routers);
  const hidden = await testHiddenGroups(groups, comparison, identity);
  const residual = await traceOfPairs(pairsOf(groups), comparison);
  const { combined } = hidden;
  return evidenceRecord(identity, {
    ...(combined === null
      ? {}
      : {
          z: combined.z,
          log10_p: log10PTwoSided(combined.z),
          r: combined.r,
          r_interval: combined.rInterval,
          r_min: smallestDetectableR(combined.nEff),
          n_eff: combined.nEff,
        }),
    units: hidden.groups.reduce((sum, { units }) => sum + units, 0),
    tensors: hidden.groups.reduce((sum, { joint }) => sum + joint.tensors, 0),
    features: hidden.groups.reduce((sum, { joint }) => sum + joint.features, 0),
    parameters: hidden.parameters,
    layer_map: map.name,
    blocks: matchedBlocks(residual.blocks, hidden.blocks),
    skipped: hidden.skipped,
    details: {
      ...matchingDetails(routers, tail),
      residual_z: residual.joint?.z ?? null,
      residual_r: residual.joint?.r ?? null,
      ...cellDetails(cells),
    },
  });
}

/** Per tensor whichever of its two tests says more: each sees an order that the other may not. */
function matchedBlocks(
  residual: EvidenceRecord['blocks'],
  hidden: EvidenceRecord['blocks'],
): EvidenceRecord['blocks'] {
  const other = new Map(hidden.map((block) => [block.key, block]));
  return residual.map((block) => {
    const alternative = other.get(block.key);
    return alternative !== undefined && (alternative.z ?? 0) > (block.z ?? 0) ? alternative : block;
  });
}

function matchingDetails(routers: readonly MatchedRouter[], tail: SelectionTail) {
  const [first] = routers;
  const expected =
    first === undefined
      ? null
      : matchedMeanNull(Math.min(first.a.features, first.b.features), first.a.units, true);
  const names = routers.map(({ a, experts }) => {
    const rows = Array.from({ length: a.features }, (_, expert) => expert);
    return expertMapName({ rows, best: rows.map((expert) => experts.get(expert) ?? null) });
  });
  const inPlace = routers.flatMap(({ experts }) =>
    [...experts].map(([own, other]) => (own === other ? 1 : 0)),
  );
  return {
    layers: routers.length,
    matched_cosine: meanOf(routers.map(({ mean }) => mean)),
    matched_cosine_null: expected?.mean ?? null,
    procedure_p: tail.p,
    procedure_permutations: tail.permutations,
    procedure_null_mean: tail.mean,
    experts_in_place: meanOf(inPlace),
    expert_map: names[0] ?? '',
    layers_with_that_map: names.filter((name) => name === names[0]).length,
  };
}

/** What expert × expert cells say: they see experts whose hidden units were re-ordered too. */
function cellDetails(cells: readonly ExpertCells[]) {
  const best = cells.flatMap((layer) => layer.best);
  const names = cells.map(expertMapName);
  return {
    cell_layers: cells.length,
    cell_experts_matched: best.filter((expert) => expert !== null).length,
    cell_experts: best.length,
    cell_map: names[0] ?? '',
    cell_layers_with_that_map: names.filter((name) => name === names[0]).length,
  };
}

function matchedGroups(comparison: Comparison, routers: readonly MatchedRouter[]): HiddenGroup[] {
  const byLayer = new Map(routers.map((router) => [router.layer, router]));
  const own = hiddenPairs(
    { ...comparison, reference: comparison.subject },
    { name: 'identity', referenceLayer: (layer) => layer },
  );
  return own.flatMap(({ key, pairs }) => {
    const matched = pairs.flatMap(({ subject }) => {
      const router = subject.layer === null ? undefined : byLayer.get(subject.layer);
      const expert = subject.expert === null ? undefined : router?.experts.get(subject.expert);
      if (router === undefined || expert === undefined) return [];
      const partner = comparison.reference.tensors.get(
        tensorKey({ ...subject, layer: router.referenceLayer, expert }),
      );
      return partner === undefined ? [] : [{ subject, reference: partner }];
    });
    return matched.length === 0 ? [] : [{ key, pairs: matched }];
  });
}

function pairsOf(groups: readonly HiddenGroup[]): TensorPair[] {
  return groups.flatMap(({ pairs }) => pairs);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
