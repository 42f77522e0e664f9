import { permutationOf } from './gaussian.js';
import { keyOf, type Weight } from './synthetic-model.js';

/** Chosen positions of the axis that is not the residual one, in that order. */
export function takeFeatures(weight: Weight, chosen: readonly number[]): Weight {
  const [rows = 0, columns = 0] = weight.shape;
  const shape = weight.axis === 1 ? [chosen.length, columns] : [rows, chosen.length];
  const values = new Float64Array((shape[0] ?? 0) * (shape[1] ?? 0));
  values.forEach((_, at) => {
    const [row, column] = [Math.floor(at / (shape[1] ?? 1)), at % (shape[1] ?? 1)];
    const from =
      weight.axis === 1 ? (chosen[row] ?? 0) * columns + column : row * columns + (chosen[column] ?? 0);
    values[at] = weight.values[from] ?? NaN;
  });
  return { ...weight, shape, values };
}

/** Chosen residual dimensions, in that order. */
export function takeDimensions(weight: Weight, chosen: readonly number[]): Weight {
  if (weight.shape.length === 1) {
    return {
      ...weight,
      shape: [chosen.length],
      values: Float64Array.from(chosen, (at) => weight.values[at] ?? NaN),
    };
  }
  return { ...takeFeatures({ ...weight, axis: weight.axis === 1 ? 0 : 1 }, chosen), axis: weight.axis };
}

/** Expert of the original at each place of a layer after `shuffleExperts`. */
export function expertOrder(layer: number | null, experts: number): number[] {
  return [...permutationOf(`experts ${layer ?? '-'}`, experts)];
}

/** The same function with the experts of every layer in another order, their hidden units as they were. */
export function shuffleExperts(weights: readonly Weight[], experts: number): Weight[] {
  const byKey = new Map(weights.map((weight) => [keyOf(weight), weight]));
  return weights.map((weight) => {
    const order = expertOrder(weight.layer, experts);
    if (weight.role === 'moe.router') return takeFeatures(weight, order);
    if (weight.expert === null) return weight;
    const from = byKey.get(keyOf({ ...weight, expert: order[weight.expert] ?? 0 }));
    return { ...weight, values: from?.values ?? weight.values };
  });
}

/** Every expert copied behind the others, router rows too: expert j comes from j mod E. */
export function upcycleExperts(weights: readonly Weight[], experts: number): Weight[] {
  const twice = Array.from({ length: 2 * experts }, (_, expert) => expert % experts);
  return weights.flatMap((weight) => {
    if (weight.role === 'moe.router') return [takeFeatures(weight, twice)];
    return weight.expert === null ? [weight] : [weight, { ...weight, expert: weight.expert + experts }];
  });
}

const PROJECTION = /^(.*)\.(?:gate|up|down)$/;

/** The hidden units of every block of the dense and shared MLPs re-ordered, and only a share of them kept. */
export function takeHidden(weights: readonly Weight[], share: number): Weight[] {
  return weights.map((weight) => {
    const prefix = PROJECTION.exec(weight.role)?.[1];
    if (prefix === undefined || weight.expert !== null) return weight;
    const hidden = weight.shape[weight.axis === 1 ? 0 : 1] ?? 0;
    const order = [...permutationOf(`${prefix} ${weight.layer ?? '-'}`, hidden)];
    return takeFeatures(weight, order.slice(0, Math.round(share * hidden)));
  });
}
