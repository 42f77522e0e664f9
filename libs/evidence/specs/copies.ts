import { gaussians, permutationOf } from './gaussian.js';
import { keyOf, type Weight } from './synthetic-model.js';

/** Every weight with Gaussian noise of `size` of its own deviation: r = 1/√(1 + size²). */
export function withNoise(weights: readonly Weight[], size: number): Weight[] {
  return weights.map((weight) => {
    const noise = gaussians(`noise ${keyOf(weight)}`, weight.values.length);
    const mean = weight.values.reduce((sum, value) => sum + value, 0) / weight.values.length;
    const squares = weight.values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const spread = size * Math.sqrt(squares / weight.values.length);
    return {
      ...weight,
      values: weight.values.map((value, at) => Math.fround(value + spread * (noise[at] ?? 0))),
    };
  });
}

const PROJECTION = /^(.*)\.(?:gate|up|down)$/;

/** Chosen positions along the axis that is not the residual one. */
function chooseFeatures(weight: Weight, chosen: readonly number[]): Weight {
  const [rows = 0, columns = 0] = weight.shape;
  if (weight.axis === 1) {
    const values = new Float64Array(chosen.length * columns);
    chosen.forEach((row, at) =>
      values.set(weight.values.subarray(row * columns, (row + 1) * columns), at * columns),
    );
    return { ...weight, shape: [chosen.length, columns], values };
  }
  const values = new Float64Array(rows * chosen.length);
  for (let row = 0; row < rows; row += 1) {
    chosen.forEach((column, at) => {
      values[row * chosen.length + at] = weight.values[row * columns + column] ?? NaN;
    });
  }
  return { ...weight, shape: [rows, chosen.length], values };
}

function chooseDimensions(weight: Weight, chosen: readonly number[]): Weight {
  if (weight.shape.length === 1) {
    return {
      ...weight,
      shape: [chosen.length],
      values: Float64Array.from(chosen, (unit) => weight.values[unit] ?? NaN),
    };
  }
  const { axis } = weight;
  return { ...chooseFeatures({ ...weight, axis: axis === 1 ? 0 : 1 }, chosen), axis };
}

function hiddenOf({ shape, axis }: Weight): number {
  return shape[axis === 1 ? 0 : 1] ?? 0;
}

/** Order of the hidden units of one block, the same for gate, up and down. */
function hiddenOrder(weight: Weight, prefix: string): number[] {
  return [...permutationOf(`${prefix} ${weight.layer ?? '-'} ${weight.expert ?? '-'}`, hiddenOf(weight))];
}

/** The same function with hidden units and experts in another order; up and down rows of odd units change sign. */
export function shuffleBlocks(weights: readonly Weight[], signs = false): Weight[] {
  const byKey = new Map(weights.map((weight) => [keyOf(weight), weight]));
  const experts = 1 + Math.max(-1, ...weights.map(({ expert }) => expert ?? -1));
  const expertOrder = (layer: number | null): Uint32Array =>
    permutationOf(`experts ${layer ?? '-'}`, experts);
  return weights.map((weight) => {
    if (weight.role === 'moe.router') return chooseFeatures(weight, [...expertOrder(weight.layer)]);
    const prefix = PROJECTION.exec(weight.role)?.[1];
    if (prefix === undefined) return weight;
    const expert = weight.expert === null ? null : (expertOrder(weight.layer)[weight.expert] ?? null);
    const from = byKey.get(keyOf({ ...weight, expert })) ?? weight;
    const order = hiddenOrder(weight, prefix);
    const moved = chooseFeatures(from, order);
    const flips = signs && !weight.role.endsWith('.gate');
    const columns = moved.shape[1] ?? 0;
    const values = moved.values.map((value, at) => {
      const unit = weight.axis === 1 ? Math.floor(at / columns) : at % columns;
      return flips && unit % 2 === 1 ? -value : value;
    });
    return { ...moved, expert: weight.expert, values };
  });
}

/** The same function with query and KV heads of every layer in another order. */
export function shuffleHeads(weights: readonly Weight[], heads: number, kvHeads: number): Weight[] {
  const perGroup = heads / kvHeads;
  return weights.map((weight) => {
    const counted = { 'attn.q': heads, 'attn.o': heads, 'attn.k': kvHeads, 'attn.v': kvHeads }[weight.role];
    if (counted === undefined) return weight;
    const channels = hiddenOf(weight) / counted;
    const groups = [...permutationOf(`kv ${weight.layer ?? '-'}`, kvHeads)];
    const within = [...permutationOf(`heads ${weight.layer ?? '-'}`, perGroup)];
    const order =
      counted === kvHeads ? groups : groups.flatMap((group) => within.map((head) => group * perGroup + head));
    const rows = order.flatMap((head) => Array.from({ length: channels }, (_, at) => head * channels + at));
    return chooseFeatures(weight, rows);
  });
}

/** A narrower model: a seeded choice of residual dimensions, and of `share` of the hidden units of every block. */
export function pruneWidths(weights: readonly Weight[], width: number, share: number): Weight[] {
  const full = weights.find(({ role }) => role === 'embed')?.shape[1] ?? 0;
  const dimensions = [...permutationOf('pruned width', full)].slice(0, width);
  return weights.map((weight) => {
    const prefix = PROJECTION.exec(weight.role)?.[1];
    const kept =
      prefix === undefined
        ? weight
        : chooseFeatures(weight, hiddenOrder(weight, prefix).slice(0, Math.round(share * hiddenOf(weight))));
    return chooseDimensions(kept, dimensions);
  });
}
