import type { TensorSummary } from '@jokbo/contracts';
import { centreFeatures } from '@jokbo/statistics';
import type { ContiguousMap } from '../layer-map.js';
import { routersOf } from '../routers.js';
import { elementFault } from '../unmeasurable.js';
import { readsUnusableNorm } from './folding.js';
import { matchRows } from './match-rows.js';
import { transposed, unitRows } from './matrix-product.js';
import type { ModelPair } from './model-pair.js';
import type { TokenInputs } from './token-responses.js';

/** By layer of the subject: the expert of the reference for each of its own, null where none is left. */
export type ExpertMaps = ReadonlyMap<number, readonly (number | null)[]>;

/**
 * Which expert is which, from routers alone: assignment of largest Σ cosine of the experts' router responses to shared
 * tokens, what all experts of a layer have in common removed. Responses are the same whatever the basis of the residual
 * stream, and experts themselves are not looked at, so they can be tested under the map.
 */
export async function matchExperts(
  pair: ModelPair,
  inputs: TokenInputs,
  map: ContiguousMap,
): Promise<ExpertMaps> {
  const maps = new Map<number, readonly (number | null)[]>();
  const others = new Map(measurableRouters(pair.reference).map((router) => [router.layer, router]));
  for (const own of measurableRouters(pair.subject)) {
    pair.signal?.throwIfAborted();
    const layer = own.layer === null ? null : map.referenceLayer(own.layer);
    const other = others.get(layer);
    if (own.layer === null || layer === null || other === undefined) continue;
    const columns = await matchRouters(pair, inputs, own, other);
    if (columns !== null) maps.set(own.layer, columns);
  }
  return maps;
}

function measurableRouters(model: ModelPair['subject']): TensorSummary[] {
  return routersOf(model).filter(
    (tensor) => elementFault(tensor) === null && !readsUnusableNorm(model, tensor),
  );
}

async function matchRouters(
  pair: ModelPair,
  inputs: TokenInputs,
  own: TensorSummary,
  other: TensorSummary,
): Promise<(number | null)[] | null> {
  const [a, b] = [await inputs.own(own), await inputs.other(other)];
  // Below two experts there is no common part to remove and nothing to match.
  if (a === null || b === null || a.rows.length < 2 || b.rows.length < 2) return null;
  const pairs = await matchRows(distinct(a.responses), distinct(b.responses), pair.backend);
  const matched = Array.from<number | null>({ length: (a.rows.at(-1) ?? -1) + 1 }).fill(null);
  pairs.own.forEach((row, at) => {
    matched[a.rows[row] ?? NaN] = b.rows[pairs.other[at] ?? NaN] ?? null;
  });
  return matched;
}

/** Responses without what all experts have in common, of unit norm. */
function distinct(responses: Parameters<typeof transposed>[0]) {
  return unitRows(transposed(centreFeatures(transposed(responses))), false);
}
