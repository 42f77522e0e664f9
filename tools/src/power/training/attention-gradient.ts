import { softmaxInPlace } from '../forward/linear.js';

/** Heads of an attention over sequences of one length. */
export interface AttentionShape {
  readonly sequences: number;
  readonly positions: number;
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
}

/** Rotated queries and keys, values, and what was made of them. */
export interface AttentionState {
  readonly queries: Float64Array;
  readonly keys: Float64Array;
  readonly values: Float64Array;
  /** Softmax weights [sequence, head, position, past position]. */
  readonly weights: Float64Array;
  readonly mixed: Float64Array;
}

/** Places of one query row, one past key row, and their weight. */
interface Cell {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
}

/** Calls `visit` for every query row; it gets the places of its past, in order. */
function eachQuery(shape: AttentionShape, visit: (cells: readonly Cell[]) => void): void {
  const { sequences, positions, heads, groups, headDim } = shape;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    for (let head = 0; head < heads; head += 1) {
      const group = Math.floor(head / (heads / groups));
      for (let row = 0; row < positions; row += 1) {
        const cells: Cell[] = [];
        for (let past = 0; past <= row; past += 1) {
          cells.push({
            query: ((sequence * positions + row) * heads + head) * headDim,
            key: ((sequence * positions + past) * groups + group) * headDim,
            weight: ((sequence * heads + head) * positions + row) * positions + past,
          });
        }
        visit(cells);
      }
    }
  }
}

/** Causal attention of every head. */
export function attentionForward(
  queries: Float64Array,
  keys: Float64Array,
  values: Float64Array,
  shape: AttentionShape,
): AttentionState {
  const { sequences, positions, heads, headDim } = shape;
  const weights = new Float64Array(sequences * heads * positions * positions);
  const mixed = new Float64Array(queries.length);
  const scale = 1 / Math.sqrt(headDim);
  eachQuery(shape, (cells) => {
    const [first] = cells;
    if (first === undefined) return;
    const row = weights.subarray(first.weight, first.weight + cells.length);
    cells.forEach(({ query, key }, past) => {
      row[past] = scale * product(queries, query, keys, key, headDim);
    });
    softmaxInPlace(row);
    cells.forEach(({ query, key }, past) => {
      accumulate(mixed, query, values, key, row[past] ?? NaN, headDim);
    });
  });
  return { queries, keys, values, weights, mixed };
}

/** Gradients of rotated queries and keys, and of values. */
export function attentionBackward(
  state: AttentionState,
  dMixed: Float64Array,
  shape: AttentionShape,
): Pick<AttentionState, 'queries' | 'keys' | 'values'> {
  const { headDim } = shape;
  const queries = new Float64Array(state.queries.length);
  const keys = new Float64Array(state.keys.length);
  const values = new Float64Array(state.values.length);
  const scale = 1 / Math.sqrt(headDim);
  eachQuery(shape, (cells) => {
    const dWeights = cells.map(({ query, key }) => product(dMixed, query, state.values, key, headDim));
    const mean = cells.reduce((sum, cell, past) => {
      return sum + (state.weights[cell.weight] ?? NaN) * (dWeights[past] ?? NaN);
    }, 0);
    cells.forEach(({ query, key, weight }, past) => {
      const share = state.weights[weight] ?? NaN;
      const dScore = scale * share * ((dWeights[past] ?? NaN) - mean);
      accumulate(values, key, dMixed, query, share, headDim);
      accumulate(queries, query, state.keys, key, dScore, headDim);
      accumulate(keys, key, state.queries, query, dScore, headDim);
    });
  });
  return { queries, keys, values };
}

function product(a: Float64Array, from: number, b: Float64Array, start: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum += (a[from + k] ?? NaN) * (b[start + k] ?? NaN);
  return sum;
}

function accumulate(
  target: Float64Array,
  start: number,
  source: Float64Array,
  from: number,
  factor: number,
  count: number,
): void {
  for (let k = 0; k < count; k += 1) {
    target[start + k] = (target[start + k] ?? NaN) + factor * (source[from + k] ?? NaN);
  }
}
