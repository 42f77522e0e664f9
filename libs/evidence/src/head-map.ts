import { layerCells, rowArgmaxMap, squaredNorm, type Factor } from '@jokbo/statistics';
import type { ModelData } from '@jokbo/fingerprint';
import type { TensorSummary } from '@jokbo/contracts';
import { headCount } from './attention-layer.js';
import { factorRows, featureNames } from './disguise/factor-rows.js';
import { stack } from './layer-factors.js';

/** Channels per head that are read: z of a copied head is far beyond the threshold with these alone. */
const MAP_CHANNELS = 32;

/** Best head of the other side for each head; null where no cell reaches z = 8. */
export interface HeadMap {
  readonly map: readonly (number | null)[];
  readonly z: readonly (number | null)[];
  readonly r: readonly (number | null)[];
  readonly columns: number;
}

/**
 * Head × head cells of one layer over the roles that share their heads (q and o, or k and v), joint under one
 * permutation of the residual dimensions with weights from norms (Hoeffding 1951); features are the channels by number,
 * which rotary positions fix. Names re-ordered heads; the cells choose, so it is read only where the component rejects.
 *
 * @returns null where no channels of whole heads are kept on both sides.
 */
export async function headMap(
  pairs: readonly { readonly subject: TensorSummary; readonly reference: TensorSummary }[],
  subject: ModelData,
  reference: ModelData,
): Promise<HeadMap | null> {
  const sides: { a: Map<number, Factor>; b: Map<number, Factor> }[] = [];
  for (const pair of pairs) {
    const [own, other] = [await headsOf(subject, pair.subject), await headsOf(reference, pair.reference)];
    if (own !== null && other !== null && own.channels === other.channels && own.units === other.units)
      sides.push({ a: own.heads, b: other.heads });
  }
  if (sides.length === 0) return null;
  const a = joined(sides.map((side) => side.a));
  const b = joined(sides.map((side) => side.b));
  if (a.size === 0 || b.size === 0) return null;
  const cells = layerCells([...a.values()], [...b.values()]);
  const [rows, columns] = [[...a.keys()], [...b.keys()]];
  const best = rowArgmaxMap({ z: cells.z, rows: rows.length, columns: columns.length });
  const [first] = pairs;
  const heads = first === undefined ? null : headCount(subject, first.subject);
  const others = first === undefined ? null : headCount(reference, first.reference);
  const at = (head: number, list: readonly (number | null)[]): number | null => {
    const row = rows.indexOf(head);
    const column = best[row] ?? null;
    return column === null ? null : (list[row * columns.length + column] ?? null);
  };
  const numbers = Array.from({ length: heads ?? 0 }, (_, head) => head);
  return {
    map: numbers.map((head) => columns[best[rows.indexOf(head)] ?? -1] ?? null),
    z: numbers.map((head) => at(head, cells.z)),
    r: numbers.map((head) => at(head, cells.r)),
    columns: others ?? 0,
  };
}

/** First channels of every head that is kept whole up to there. */
async function headsOf(model: ModelData, tensor: TensorSummary) {
  const count = headCount(model, tensor);
  const factor = await model.factor(tensor.key);
  if (count === null || factor === null) return null;
  const all = (tensor.shape[tensor.residual_axis === 0 ? 1 : 0] ?? 0) / count;
  const channels = Math.min(MAP_CHANNELS, all);
  const positions = new Map(featureNames(factor).map((index, position) => [index, position]));
  const heads = new Map<number, Factor>();
  for (let head = 0; head < count; head += 1) {
    const rows = Array.from({ length: channels }, (_, channel) => positions.get(head * all + channel) ?? -1);
    if (rows.every((row) => row >= 0)) heads.set(head, factorRows(factor, rows));
  }
  return { heads, channels, units: factor.units };
}

/** Heads that every role keeps, each role scaled to unit norm and one under the other. */
function joined(roles: readonly ReadonlyMap<number, Factor>[]): Map<number, Factor> {
  const heads = new Map<number, Factor>();
  for (const head of roles[0]?.keys() ?? []) {
    const parts = roles.flatMap((role) => role.get(head) ?? []);
    if (parts.length === roles.length) heads.set(head, stack(parts.map(unitFactor)));
  }
  return heads;
}

function unitFactor(factor: Factor): Factor {
  const norm = Math.sqrt(squaredNorm(factor.values));
  return norm > 0 ? { ...factor, values: factor.values.map((value) => value / norm) } : factor;
}
